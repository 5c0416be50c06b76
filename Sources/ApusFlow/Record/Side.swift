/// Who did something: one of the two peers, or the proxy between them.
public enum Side: UInt8, Sendable, CaseIterable {
    /// Who asked.
    case client
    /// The origin or parent proxy that was asked.
    case upstream
    /// Apus itself: its rules, its deadlines, its shutdown.
    case proxy

    /// The word of logs and metric labels.
    public var word: StaticString {
        switch self {
        case .client: "client"
        case .upstream: "upstream"
        case .proxy: "proxy"
        }
    }

    /// The first letter of ``Ending/code``.
    public var letter: UInt8 {
        switch self {
        case .client: UInt8(ascii: "C")
        case .upstream: UInt8(ascii: "U")
        case .proxy: UInt8(ascii: "P")
        }
    }
}
