internal import ApusReactor

/// Work that may wait for long, as for a disk or a terminal that does not answer.
package enum HostThread {
    /// Does it on a thread of its own, and suspends the task: the few threads that all tasks share wait for nothing.
    package static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            start { continuation.resume(returning: work()) }
        }
    }

    /// Does it on a thread of its own, and waits for nothing.
    package static func start(_ work: @escaping @Sendable () -> Void) {
        do throws(SocketError) { try ReactorThread.start(name: "apus-host", work) } catch {
            // There is no thread to be had: better on one of those that are shared than never.
            Task { work() }
        }
    }
}
