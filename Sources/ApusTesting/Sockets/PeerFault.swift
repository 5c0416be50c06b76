/// What a scripted peer met; never more than a test's business.
public enum PeerFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nothing came, or nothing was taken, before the peer's deadline.
    case timedOut
    /// The other side has closed before what was asked for was there.
    case closed
    /// The other side has reset the connection (ECONNRESET, EPIPE).
    case reset
    /// The call failed with this errno.
    case system(call: String, errno: Int32)
    /// What came is no HTTP/1.1 message; the text says why.
    case malformed(String)

    /// Half a sentence.
    public var description: String {
        switch self {
        case .timedOut: "the deadline of the peer passed"
        case .closed: "the other side closed too early"
        case .reset: "the other side reset the connection"
        case .system(let call, let errno): "\(call) failed with errno \(errno)"
        case .malformed(let reason): "what came is no HTTP/1.1 message: \(reason)"
        }
    }
}
