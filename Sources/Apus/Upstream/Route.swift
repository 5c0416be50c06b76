internal import ApusFlow
internal import ApusWire

/// Where a request is to go, and how: made once, of its target or of an embedder's verdict, and carried to the dial, the pool and the record.
///
/// Who uses one asks what it says, and not how it came about.
struct Route: BitwiseCopyable {
    /// Who is connected to.
    enum Hop: UInt8, BitwiseCopyable {
        /// The host that the request names.
        case direct
        /// The host of another address, which stands behind the words of the request.
        case elsewhere
    }

    /// What request and response travel in.
    enum Transport: UInt8, BitwiseCopyable {
        /// TCP, and nothing between.
        case plain
    }

    let hop: Hop
    let transport: Transport
    /// The port that is dialled.
    let port: UInt16
    /// The address, where the host is one.
    let literal: IPAddress?
    /// The pool's key of its host, port and transport, once the request may go there; absent where it goes without the pool.
    var origin = OriginIndex.absent

    init(_ hop: Hop, port: UInt16, literal: IPAddress?, transport: Transport = .plain) {
        self.hop = hop
        self.transport = transport
        self.port = port
        self.literal = literal
    }

    /// To the host that a request names.
    init(to target: Authority) { self.init(.direct, port: target.port, literal: target.address) }

    /// No request has gone anywhere yet.
    static let none = Route(.direct, port: 0, literal: nil)
}
