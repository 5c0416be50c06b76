/// The seven stages of a request's way through the proxy, in their order.
public enum Stage: UInt8, Sendable, CaseIterable, Comparable {
    /// A client connected; nothing has been read.
    case listen
    /// The head of a request is being read.
    case read
    /// Rules are asked whether it may be.
    case decide
    /// A name is looked up, and later a cache.
    case lookUp
    /// A connection to the upstream is opened, or taken from the pool.
    case reach
    /// Head and content pass, in both directions.
    case relay
    /// All is over and written down.
    case record

    /// The word of logs and metric labels.
    public var word: StaticString {
        switch self {
        case .listen: "listen"
        case .read: "read"
        case .decide: "decide"
        case .lookUp: "look_up"
        case .reach: "reach"
        case .relay: "relay"
        case .record: "record"
        }
    }

    /// What was going on, for a sentence: "while connecting".
    public var phrase: StaticString {
        switch self {
        case .listen: "before a request"
        case .read: "while the request was read"
        case .decide: "while rules were asked"
        case .lookUp: "during the name look-up"
        case .reach: "while connecting"
        case .relay: "during the transfer"
        case .record: "at the end"
        }
    }

    /// The second letter of ``Ending/code``: idle, request, decision, name, connect, transfer, written.
    public var letter: UInt8 {
        switch self {
        case .listen: UInt8(ascii: "I")
        case .read: UInt8(ascii: "R")
        case .decide: UInt8(ascii: "D")
        case .lookUp: UInt8(ascii: "N")
        case .reach: UInt8(ascii: "C")
        case .relay: UInt8(ascii: "T")
        case .record: UInt8(ascii: "W")
        }
    }

    /// Orders stages by the way of a request.
    public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
}
