internal import Synchronization

/// How many may do something at a time.
final class Places: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    /// Takes a place; false when there is none.
    func begin() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    /// Gives it back.
    func end() { free.withLock { $0 += 1 } }
}
