/// What a machine asks of the shell after an event: a few fixed slots, none of which holds bytes or references.
public struct Step: Sendable, Equatable {
    /// What to do on the client's side.
    public enum ClientAction: UInt8, Sendable {
        /// Nothing.
        case none
        /// Rewrite the response head and send it; its body follows by the framing of its facts.
        case forwardHead
        /// Rewrite an interim (1xx) head and send it.
        case forwardInterim
        /// Say that the tunnel stands (2xx to CONNECT) and relay both ways.
        case establish
        /// Read the next request.
        case next
        /// Judge what the client of a tunnel has said first as it is: its time is over.
        case judgeHello
        /// Send FIN and discard what comes until the client closes.
        case linger
        /// The same; or close at once, where all has been handed over and nothing lies unread: there is nothing that a close could destroy.
        case finish
        /// It lingers and has all of its answer: its place is another one's, where places are short.
        case givesWay
        /// FIN after what waits; the other direction goes on.
        case shutdown
        /// Close once what waits has left.
        case flush
        /// Close at once.
        case close
        /// Close at once by RST: the client must see that the response is not whole.
        case reset

        /// Whether no further request of the client follows.
        public var isLast: Bool {
            switch self {
            case .linger, .finish, .givesWay, .flush, .close, .reset: true
            case .none, .forwardHead, .forwardInterim, .establish, .next, .judgeHello, .shutdown: false
            }
        }
    }

    /// What to do on the upstream's side.
    public enum UpstreamAction: UInt8, Sendable {
        /// Nothing.
        case none
        /// Find a connection to the origin, a pooled one if there is any.
        case reach
        /// Find a connection again, a new one: the pooled one was stale.
        case reachFresh
        /// Send the request head; its body follows.
        case sendHead
        /// Forward no more of the request body.
        case stopBody
        /// Relay both ways from here on.
        case tunnel
        /// Give up what is waited for on the way to the origin: its time has passed.
        case giveUp
        /// Put the connection into the pool.
        case pool
        /// Keep the connection for the client's next requests: its origin has authenticated it as the client's.
        case keep
        /// FIN after what waits; the other direction goes on.
        case shutdown
        /// Close it.
        case close
        /// Close it by RST: the request that it was sent is not whole.
        case reset
    }

    /// What an exchange that is over leaves of its client's connection.
    public enum Leaving: UInt8, Sendable, CaseIterable {
        /// It may serve another request.
        case next
        /// Its client has said that the request, which is whole, is its last (RFC 9112 §9.6).
        case last
        /// It serves no further request, though its client may send one.
        case ends
        /// The same, and a part of the request still comes, which nobody reads.
        case early
        /// It closes behind what was sent of a response that is not whole.
        case cut
        /// It is reset.
        case reset
        /// Its client is gone.
        case gone
        /// It is a tunnel.
        case tunnel
    }

    /// What a session tells its exchange.
    public enum ExchangeEvent: Sendable, Equatable {
        /// ``Exchange/clientEnded()``.
        case clientEnded
        /// ``Exchange/clientFailed()``.
        case clientFailed
        /// ``Exchange/drained()``.
        case drained
        /// ``Exchange/stopped()``.
        case stopped
        /// ``Exchange/expired(_:_:)``.
        case expired
        /// ``Exchange/refused(_:)``: the time has passed for the header that says for whom the connection is.
        case unannounced
        /// ``Exchange/broken(_:)``.
        case broken(OwnFault)
    }

    /// What to do on the client's side.
    public var client = ClientAction.none
    /// What to do on the upstream's side.
    public var upstream = UpstreamAction.none
    /// Which deadline runs from now on.
    public var deadline = Deadline.keep
    /// For how long it runs, in ticks of 100 ms; 0: all of its time.
    public var ticks: UInt32 = 0
    /// The own final answer to send.
    public var answer: Answer?
    /// Set when an exchange is over: what it leaves of its client's connection, for its session.
    public var leaves: Leaving?
    /// What a session tells the exchange that runs.
    public var exchange: ExchangeEvent?
    /// Set when the exchange or tunnel is over: the one record is written now.
    public var ending: Ending?
    /// What went wrong, for the record; set with `ending` only, but for an own fault where no request runs.
    public var fault: Fault?

    /// A step of these slots.
    public init(
        client: ClientAction = .none,
        upstream: UpstreamAction = .none,
        deadline: Deadline = .keep,
        ticks: UInt32 = 0,
        answer: Answer? = nil,
        leaves: Leaving? = nil,
        exchange: ExchangeEvent? = nil
    ) {
        self.client = client
        self.upstream = upstream
        self.deadline = deadline
        self.ticks = ticks
        self.answer = answer
        self.leaves = leaves
        self.exchange = exchange
    }

    /// Nothing to do.
    public static let none = Step()
}

/// The one deadline that runs for a client's connection at any time.
public enum Deadline: UInt8, Sendable, BitwiseCopyable {
    /// The one that runs goes on.
    case keep
    /// None runs.
    case none
    /// For a request head, in all.
    case head
    /// For the next request on an idle connection.
    case keepAlive
    /// For look-up and connect, in all.
    case reach
    /// For progress of the request body.
    case requestBody
    /// For the response head.
    case firstByte
    /// For progress of the response body.
    case responseBody
    /// For progress in a tunnel.
    case tunnel
    /// For progress in a tunnel whose one direction has ended.
    case halfClose
    /// For the client to take the rest of what it was sent.
    case flush
    /// For the client to close after its last answer.
    case linger
    /// For the first byte of an answer whose client has sent FIN.
    case clientEnded
    /// For a tunnel's ClientHello, from its first byte on.
    case clientHello
    /// For a verification of credentials.
    case authentication
    /// For an embedder's policy.
    case policy
    /// For a look-up.
    case lookUp
    /// For the header of the PROXY protocol in front of a connection's first request.
    case announcement
    /// For a look-up that the guard alone is interested in.
    case judgement
}

/// An answer of the proxy's own.
public enum Answer: Sendable, Equatable {
    /// Why the request was not served.
    case fault(Fault)
    /// TRACE that ends here (RFC 9110 §9.3.8).
    case trace
    /// OPTIONS that ends here (RFC 9110 §9.3.7).
    case options
    /// The page that says how to use the proxy.
    case help

    /// Why, when something is wrong.
    public var fault: Fault? {
        if case .fault(let fault) = self { return fault }
        return nil
    }

    /// The status code that it bears.
    public var status: UInt16 { fault?.status ?? 200 }
}
