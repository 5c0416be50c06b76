internal import Glibc

/// Runs blocking work on a thread of its own, and suspends the task until it is done.
///
/// Swift's cooperative pool has as many threads as the machine has cores; two tests that block in a read starve every
/// other task there, a proxy's asynchronous policy among them. The proxy's own threads are not of that pool.
///
/// - Throws: what `body` throws, or ``PeerFault/system(call:errno:)`` when there is no thread.
public func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        do throws(PeerFault) {
            try OwnThread.start { continuation.resume(with: Result(catching: body)) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// A detached thread.
enum OwnThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func start(_ run: @escaping @Sendable () -> Void) throws(PeerFault) {
        let body = unsafe Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }
                return nil
            },
            body.toOpaque()
        )
        guard code == 0 else {
            unsafe body.release()
            throw .system(call: "pthread_create", errno: code)
        }
        pthread_detach(thread)
    }
}
