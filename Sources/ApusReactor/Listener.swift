internal import CApusReactor

/// A listening TCP socket that closes itself.
public struct Listener: ~Copyable, Sendable {
    let descriptor: Descriptor

    /// Takes over a listening socket from elsewhere (`LISTEN_FDS`, another thread).
    public init(adopting number: Int32) {
        self.descriptor = Descriptor(adopting: number)
    }

    /// Binds and listens. IPv6 sockets take IPv6 only, so that both wildcards can be bound beside each other.
    ///
    /// - Parameters:
    ///   - reusePort: lets several sockets share the address (SO_REUSEPORT), one a thread.
    ///   - backlog: how many connections may wait to be accepted; the kernel caps it at `net.core.somaxconn`.
    /// - Throws: the errno of socket, bind or listen.
    public static func bind(_ address: SocketAddress, reusePort: Bool, backlog: Int32 = 4096) throws(SocketError)
        -> Listener
    {
        var raw = address.raw
        let number = apus_listen(&raw, reusePort ? 1 : 0, backlog)
        guard number >= 0 else { throw SocketError(code: -number) }
        return Listener(adopting: number)
    }

    /// Finds out whether an address is busy by binding it once without SO_REUSEPORT: with it, a second process would
    /// quietly take half of the first one's clients.
    ///
    /// - Throws: `SocketError.addressInUse`, or the errno of socket or bind.
    public static func probe(_ address: SocketAddress) throws(SocketError) {
        var raw = address.raw
        let code = apus_probe(&raw)
        guard code >= 0 else { throw SocketError(code: -code) }
    }

    /// The address it is bound to, with the port the kernel chose for port 0; nil for other families than IP.
    public var boundAddress: SocketAddress? {
        var raw = apus_address()
        guard apus_local_address(descriptor.number, &raw) == 0, raw.port != 0 else { return nil }
        return SocketAddress(raw)
    }

    /// Gives the socket up without closing it.
    public consuming func release() -> Int32 {
        descriptor.release()
    }
}
