internal import Synchronization

/// What an embedder's policy gave as the reason of a denial, from the verdict to the record.
struct Denial: Sendable {
    let reason: String
    let status: UInt16
}

/// The denials under way, by decision id: a handful at any time, and none without a policy.
final class Denials: Sendable {
    private let reasons = Mutex<[UInt64: Denial]>([:])

    func put(_ id: UInt64, _ denial: Denial) { reasons.withLock { $0[id] = denial } }
    subscript(id: UInt64) -> Denial? { reasons.withLock { $0[id] } }
    func take(_ id: UInt64) -> Denial? { reasons.withLock { $0.removeValue(forKey: id) } }
}
