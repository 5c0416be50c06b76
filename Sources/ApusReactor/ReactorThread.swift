internal import CApusReactor

/// The threads on which reactors live and die, and what the process needs for them.
public enum ReactorThread {
    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread that runs `body` and ends with it. Signals are not delivered to it, but for those of a fault.
    ///
    /// - Parameter name: what `top -H` shows; 15 bytes are kept.
    /// - Throws: the errno of pthread_create.
    public static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(SocketError) {
        let start = Unmanaged.passRetained(Start(body))
        let code = apus_start_thread(
            name,
            { context in
                guard let context else { return }
                Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            throw SocketError(code: -code)
        }
    }

    /// Raises the soft limit of open descriptors to the hard one.
    ///
    /// - Returns: the soft limit from now on; the old one where raising is refused.
    @discardableResult
    public static func raiseDescriptorLimit() -> Int {
        Int(apus_raise_descriptor_limit())
    }

    /// Writing to a closed socket answers EPIPE instead of killing the process. `splice` cannot be told so by a flag.
    public static func ignoreBrokenPipe() {
        apus_ignore_broken_pipe()
    }
}
