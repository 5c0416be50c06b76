internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// A client's connection and the exchange that runs on it.
struct ClientConnection: BitwiseCopyable {
    let token: Token
    /// Who it is: the other end of the socket, until a header says that it is somebody else.
    var address: ClientAddress
    let listener: UInt16
    /// Why this client is not served at all.
    var refusal: Refusal?
    var session: Session
    /// How it comes to its request where it speaks SOCKS.
    var socks = SOCKSSession()
    /// Its request that runs, or the last one.
    var exchange: Exchange
    var upstream = Token.absent
    /// The upstream connection that is kept for it alone, for its origin has authenticated it.
    var bound = BoundUpstream.none
    /// The request's body, and the response's.
    var up = BodyFlow()
    var down = BodyFlow()
    /// Where its request is to go.
    var route = Route.none
    var kept = RequestBufferPool.none
    /// What its request waits for.
    var preparation = Preparation()
    /// The attempts to connect, while it waits for one.
    var dial = DialState.none
    /// How far it is on the ways of its route, while it looks for one; see ``Parents``.
    var trip = RouteTrip.none
    /// What is held for its request, and has been decided about it.
    var permission = RequestPermission()
    /// It may count among the tunnels already, though it is not one yet.
    var place = TunnelPlace.none
    /// For how long the origin says that it keeps the upstream connection; not among the notes, for a tunnel has no use for it.
    var keepAlive = KeepAliveHint()
    /// How far a request head, and a response head, have come.
    var requestHead = PartialHead()
    var responseHead = PartialHead()
    /// Whether the next request waits until the client has taken its response.
    var nextWaits = false
    var form = ReplyFormat.text
    /// What it says of itself, where it may be asked for credentials.
    var program = ClientProgram.other
    /// How long the interim responses were together, in bytes.
    var interim: UInt32 = 0
    /// What had come from the client when body progress was last judged.
    var progress: UInt64 = 0
    /// The tick in which the lingering close began.
    var lingersSince: UInt32 = 0
    /// Where the recorder has its bodies while they pass.
    var bodies = OpenBodies.none
    var notes = StreamInfo()

    init(_ token: Token, _ address: ClientAddress, listener: UInt16, draining: Bool) {
        session = Session(draining: draining, announced: address.way == .awaited)
        exchange = .none
        self.token = token
        self.address = address
        self.listener = listener
    }

    /// Its request is to go by this route.
    mutating func go(by route: Route) {
        self.route = route
        notes.dialPort = route.port
        notes.parent = route.parent
    }
}

extension Token {
    /// No socket: no slot has this index.
    static let absent = Token(index: .max, generation: .max)
    var isAbsent: Bool { index == .max }
}

extension ClientAddress {
    /// The other end of a socket.
    init(_ peer: SocketAddress, way: Way = .direct) { self.init(IPAddress(peer), port: peer.port, way: way) }
}

extension IPAddress {
    init(_ address: SocketAddress) {
        self =
            address.isV6
            ? IPAddress(v6High: address.high, low: address.low)
            : IPAddress(v4: UInt32(truncatingIfNeeded: address.low))
    }
}

extension SocketAddress {
    init(_ address: IPAddress, port: UInt16) {
        self =
            address.family == .v6
            ? SocketAddress(high: address.high, low: address.low, port: port)
            : SocketAddress(v4: UInt32(truncatingIfNeeded: address.low), port: port)
    }
}
