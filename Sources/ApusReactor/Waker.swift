internal import CApusReactor

/// Wakes a reactor from another thread.
public final class Waker: Sendable {
    let number: Int32

    /// - Throws: the errno of eventfd.
    public init() throws(SocketError) {
        let number = apus_event_create()
        guard number >= 0 else { throw SocketError(code: -number) }
        self.number = number
    }

    deinit {
        apus_close(number)
    }

    /// The reactor's handler will hear `rang`. May be called from any thread at any time; one system call.
    public func ring() {
        // The reactor watches edges and never reads the counter; should it be full, an edge is pending for sure.
        _ = apus_event_ring(number)
    }
}
