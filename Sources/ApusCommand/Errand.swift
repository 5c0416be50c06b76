import Apus

/// Work that may hang, on a thread of its own: one at a time, and once more for all who ask meanwhile.
actor Errand {
    private let work: @Sendable () -> Void
    private var isAsked = false
    private var isRunning = false

    init(_ work: @escaping @Sendable () -> Void) { self.work = work }

    /// Has it done, from its beginning; who is not the first does not wait for it.
    func run() async {
        isAsked = true
        guard !isRunning else { return }
        isRunning = true
        defer { isRunning = false }
        while isAsked {
            isAsked = false
            await HostThread.run(work)
        }
    }
}
