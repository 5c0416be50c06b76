internal import ApusFlow
internal import ApusWire

/// Where a request is to go, and how: made once, of its target or of an embedder's verdict, and carried to the dial, the pool and the record.
///
/// Who uses one asks what it says, and not how it came about.
struct Route: BitwiseCopyable {
    /// Who is connected to.
    enum Hop: BitwiseCopyable, Equatable {
        /// The host that the request names.
        case direct
        /// The host of another address, which stands behind the words of the request.
        case elsewhere
        /// A proxy behind this one, by its number among the thread's ``Parents``.
        case parent(UInt8)
    }

    /// What request and response travel in.
    enum Transport: UInt8, BitwiseCopyable {
        /// TCP, and nothing between.
        case plain
    }

    let hop: Hop
    let transport: Transport
    /// The port that is judged; it is dialled too, but for a parent, which has its own.
    let port: UInt16
    /// The address that is judged, where the host is one.
    let literal: IPAddress?
    /// The pool's key of its host, port and way, once the request may go there; absent where it goes without the pool.
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

    /// What tells connections to the same host and port apart: by which parent, over what.
    var way: UInt16 { UInt16(transport.rawValue) << 8 | UInt16(parent) }

    /// The number of its parent; 0 where it has none.
    var parent: UInt8 {
        guard case .parent(let number) = hop else { return 0 }
        return number
    }

    /// Whether an idle connection leads to an address of the host: it is judged anew before it serves another request. What leads to a parent was
    /// opened for what the route says, and that has been judged.
    var leadsToHost: Bool { parent == 0 }

    /// What stands for the host's address where nobody here knows it.
    var unknownAddress: IPAddress? { leadsToHost ? nil : IPAddress(v4: 0) }
}
