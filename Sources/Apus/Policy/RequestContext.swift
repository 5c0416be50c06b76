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
    /// A literal host's address.
    let literal: IPAddress?
    /// By the reactor's clock, in microseconds.
    let now: UInt64
}

extension ClientConnection {
    /// What who decides is told of its request.
    func context(now: UInt64) -> RequestContext {
        RequestContext(
            client: address,
            listener: listener,
            method: exchange.method,
            port: notes.port,
            dialPort: route.port,
            literal: route.literal,
            now: now
        )
    }
}
