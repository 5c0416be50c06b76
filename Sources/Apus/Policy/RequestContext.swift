internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// What who decides is told of a request or tunnel, beside its words and its user: a value that does not change while it is asked.
struct RequestContext: BitwiseCopyable {
    /// The client's address as rules judge it.
    let client: IPAddress
    let listener: UInt16
    let method: Method
    /// The port that was asked for.
    let port: UInt16
    /// The port that is dialled.
    let dialPort: UInt16
    /// The address that is asked about: a literal host's, or one of those that a name stands for; nil while none is known.
    var address: IPAddress?
    /// By the reactor's clock, in microseconds.
    let now: UInt64
}

extension RequestContext {
    /// The same about another address.
    func about(_ address: IPAddress?) -> RequestContext {
        var context = self
        context.address = address
        return context
    }
}

extension ClientConnection {
    /// What who decides is told of its request.
    func context(now: UInt64) -> RequestContext {
        RequestContext(
            client: address.ip,
            listener: listener,
            method: exchange.method,
            port: notes.port,
            dialPort: route.port,
            address: route.literal,
            now: now
        )
    }
}

extension TunnelConnection {
    /// The same of the request that it came from, about the address that it leads to.
    func context(now: UInt64) -> RequestContext {
        RequestContext(
            client: address.ip,
            listener: listener,
            method: isConnect ? .connect : .get,
            port: notes.port,
            dialPort: notes.dialPort,
            address: notes.upstream,
            now: now
        )
    }
}
