public import ApusWire

/// A client's connection: reading a request, reaching the origin, relaying both bodies, and the next request.
///
/// A value without references, owned by one thread. Each event returns a ``Step``; bytes never enter. What happens when is
/// said in one place each; an event that a phase does not know is a harmless race and returns ``Step/none``, or cannot be and is
/// an own fault: ``ownFault(_:)``.
public struct Exchange: Sendable, BitwiseCopyable {
    /// Where the connection stands.
    public enum Phase: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// Between requests: no byte of the next one is there.
        case idle
        /// A part of a request head is there.
        case head
        /// The request is whole enough to be judged; the origin is being reached.
        case reaching
        /// The request head has been sent; the bodies pass.
        case exchanging
        /// The last bytes are leaving; then the connection closes.
        case flushing
        /// An own or early answer was sent; what still comes is discarded (RFC 9112 §9.6).
        case lingering
        /// It has become a tunnel.
        case tunnel
        /// It is closed.
        case closed
    }

    struct Flags: OptionSet {
        let rawValue: UInt32
        /// The client's connection may serve another request, as far as the client is concerned.
        static let persistent = Flags(rawValue: 1 << 0)
        /// The client has sent FIN.
        static let clientEnded = Flags(rawValue: 1 << 1)
        /// The upstream connection came from the pool.
        static let reused = Flags(rawValue: 1 << 2)
        /// A stale pooled connection has been replaced once.
        static let retried = Flags(rawValue: 1 << 3)
        /// All of the request has been read.
        static let requestDone = Flags(rawValue: 1 << 4)
        /// A byte of the answer has come, interim responses included.
        static let heard = Flags(rawValue: 1 << 5)
        /// The final response head has been sent on, or an own answer.
        static let answered = Flags(rawValue: 1 << 6)
        /// The upstream connection may serve another request.
        static let reusable = Flags(rawValue: 1 << 7)
        /// The client's connection ends with this response.
        static let closes = Flags(rawValue: 1 << 8)
        /// The proxy is draining: no further request is taken.
        static let draining = Flags(rawValue: 1 << 9)
        /// The chunked coding is taken off for an HTTP/1.0 client.
        static let stripped = Flags(rawValue: 1 << 10)
        /// The request body is no longer forwarded.
        static let abandoned = Flags(rawValue: 1 << 11)
        /// The request's Connection names fields, which may stand in its trailers too.
        static let dropsRequestTrailers = Flags(rawValue: 1 << 12)
        /// The response's Connection names fields.
        static let dropsResponseTrailers = Flags(rawValue: 1 << 13)
        /// The client waits for a 100 (Continue) before it sends its body, and none has come.
        static let awaitsContinue = Flags(rawValue: 1 << 14)
        /// All of the response has been sent on, while the request still comes.
        static let responded = Flags(rawValue: 1 << 15)
        /// The upstream connection is authenticated as its client's, or may be: no request of another client may have it.
        static let bound = Flags(rawValue: 1 << 16)
        /// The client may have begun to speak another protocol behind the head.
        static let switches = Flags(rawValue: 1 << 17)
        /// A 100 (Continue) was asked for, and none has come.
        static let uncontinued = Flags(rawValue: 1 << 18)
        /// The origin has answered without having been sent all of the request, or may have: what it makes of the rest nobody knows.
        static let early = Flags(rawValue: 1 << 19)
        /// Another proxy has forwarded the request: its connection may bear the requests of several users.
        static let forwarded = Flags(rawValue: 1 << 20)
    }

    /// Where the connection stands.
    public internal(set) var phase = Phase.idle
    /// Which deadline runs.
    public internal(set) var deadline = Deadline.head
    var flags: Flags = []
    /// The method of the request that runs.
    public internal(set) var method = Method.other
    /// The client's version.
    public internal(set) var version = HTTPVersion.http11
    /// The final status sent to the client; 0 before.
    public internal(set) var status: UInt16 = 0
    /// How the request body ends.
    public internal(set) var requestBody = BodyFraming.none
    /// How the response body ends.
    public internal(set) var responseBody = BodyFraming.none
    /// What the request offered to switch to.
    public internal(set) var upgrade = UpgradeOffer()

    /// A connection that was just accepted: its first head is awaited, from now on.
    ///
    /// - Parameter draining: whether the proxy drains already, so that one request is served and no more.
    public init(draining: Bool = false) {
        if draining { flags.insert(.draining) }
    }

    /// Whether the client has sent FIN.
    public var hasEndedClient: Bool { flags.contains(.clientEnded) }
    /// Whether the client has said that its request, which is whole, is its last (RFC 9112 §9.6).
    public var clientCloses: Bool { flags.contains(.requestDone) && !flags.contains(.persistent) }
    /// Whether all of the request has been read.
    public var requestIsDone: Bool { flags.contains(.requestDone) }
    /// Whether a final response head has left for the client.
    public var isAnswered: Bool { flags.contains(.answered) }
    /// Whether all of the response has left, though the request still comes.
    public var hasResponded: Bool { flags.contains(.responded) }
    /// Whether the client's connection ends with the response that runs.
    public var closesClient: Bool { flags.contains(.closes) }
    /// Whether the chunked coding is taken off the response.
    public var stripsCoding: Bool { flags.contains(.stripped) }
    /// Whether the request body is no longer forwarded.
    public var hasAbandonedRequest: Bool { flags.contains(.abandoned) }
    /// Whether the request's trailer fields go on. What Connection named is no longer known when they come, so that all
    /// are dropped if it named any (RFC 9110 §7.6.1; §6.5.1 lets an intermediary).
    public var keepsRequestTrailers: Bool { !flags.contains(.dropsRequestTrailers) }
    /// Whether the response's trailer fields go on, by the same rule.
    public var keepsResponseTrailers: Bool { !flags.contains(.dropsResponseTrailers) }
    /// Whether the upstream connection came from the pool.
    public var isReused: Bool { flags.contains(.reused) }
    /// Whether a chunked request body still comes and is forwarded.
    public var awaitsRequestChunks: Bool {
        phase == .exchanging && requestBody == .chunked && flags.isDisjoint(with: [.requestDone, .abandoned])
    }
    /// Whether a repetition on a fresh connection would do no harm, so that the head must be kept (RFC 9112 §9.3.1).
    public var isRetriable: Bool {
        method.isIdempotent && requestBody == .none && flags.isDisjoint(with: [.retried, .bound])
    }
    /// Whether the upstream connection came from the pool and has not said a word to the request.
    public var isUnheard: Bool { phase == .exchanging && flags.contains(.reused) && !flags.contains(.heard) }
    /// Whether the request wants a connection that no other client has used and none will use: it is for a tunnel, or its credentials are for
    /// the connection.
    public var wantsOwnConnection: Bool { method == .connect || flags.contains(.bound) }
    /// Whether a connection that its origin authenticates can be the client's own: one that forwards for others has none, for who of them
    /// proved himself is not known, nor one that ends with each response (RFC 4559 §6).
    public var mayBind: Bool { version == .http11 && !flags.contains(.forwarded) }
    /// Whether nothing more is read of the client but to be dropped: no request follows.
    public var isOver: Bool { phase == .flushing || phase == .lingering || phase == .closed }
    /// Whether a request runs, which will leave a record.
    public var isRunning: Bool { phase == .reaching || phase == .exchanging }
}

extension Exchange {
    /// Forgets the request before this one; what holds for the connection stays.
    mutating func begin() {
        flags.formIntersection([.clientEnded, .draining])
        method = .other
        version = .http11
        status = 0
        requestBody = .none
        responseBody = .none
        upgrade = UpgradeOffer()
    }

    /// The deadline of an answer's first byte, shorter once the client has sent FIN: it may be gone altogether.
    var patience: Deadline { flags.contains(.clientEnded) ? .clientEnded : .firstByte }

    /// Whether no further request of this client can be served.
    var isLast: Bool {
        !flags.contains(.persistent) || !flags.isDisjoint(with: [.draining, .clientEnded])
    }

    /// How an upstream connection is given up: by a reset when it has been sent a part of a request.
    var released: Step.UpstreamAction { requestIsDone ? .close : .reset }
}
