/// How a request or tunnel ended: by whom, in which stage, and how. Three bytes.
///
/// Its ``code`` follows HAProxy's state at disconnection: `--` when all went well; else who ended it (`C` client,
/// `U` upstream, `P` proxy; in lower case when the proxy gave up waiting for that side) and in which stage (`I` idle,
/// `R` request, `D` decision, `N` name look-up, `C` connect, `T` transfer, `W` written).
public struct Ending: Sendable, Hashable {
    /// What happened.
    public enum How: UInt8, Sendable, CaseIterable {
        /// The message, or both directions of the tunnel, came to their proper end.
        case complete
        /// A rule said no.
        case refused
        /// A message broke the protocol, and was not passed on.
        case fault
        /// A deadline passed; `who` is the side that was waited for, the proxy where it was neither more than the other.
        case timeout
        /// A side closed too early.
        case closed
        /// A side reset its connection.
        case reset
        /// The upstream could not be found or reached.
        case unreachable
        /// A cap on connections, rates or bytes was met.
        case limit
        /// The proxy was stopped.
        case stopped
        /// The proxy failed.
        case failure

        /// The word of logs and metric labels.
        public var word: StaticString {
            switch self {
            case .complete: "complete"
            case .refused: "refused"
            case .fault: "fault"
            case .timeout: "timeout"
            case .closed: "closed"
            case .reset: "reset"
            case .unreachable: "unreachable"
            case .limit: "limit"
            case .stopped: "stopped"
            case .failure: "failure"
            }
        }
    }

    /// Who ended it; whom the proxy waited for, when it is a timeout, or the proxy itself.
    public var who: Side
    /// The stage it ended in.
    public var stage: Stage
    /// What happened.
    public var how: How

    /// Makes an ending.
    public init(_ who: Side, _ stage: Stage, _ how: How) {
        self.who = who
        self.stage = stage
        self.how = how
    }

    /// All bytes passed, and nobody was in the way.
    public static let complete = Ending(.proxy, .record, .complete)

    /// Whether it came to its proper end.
    public var isComplete: Bool { how == .complete }

    /// The two letters, such as `CT`: the client left during the transfer.
    public var code: String {
        var bytes: [UInt8] = []
        writeCode(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func writeCode(into bytes: inout [UInt8]) {
        bytes.append(isComplete ? 0x2d : how == .timeout ? who.letter | 0x20 : who.letter)
        bytes.append(isComplete ? 0x2d : stage.letter)
    }
}

extension Ending: CustomStringConvertible {
    /// In words: `client: reset during the transfer`.
    public var description: String {
        isComplete ? "complete" : "\(who.word): \(how.word) \(stage.phrase)"
    }
}
