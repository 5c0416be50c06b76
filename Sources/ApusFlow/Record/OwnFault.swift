/// Where this proxy was wrong itself: an event in a state in which it cannot be, a number or a token that is stale where it may not be.
///
/// A machine answers with a step that refuses or closes and bears the place, in ``Fault/internalError(_:)``. Who carries steps out counts
/// it, tells it in the log, and stops a debug build; nothing is let through for it, and the process goes on.
public enum OwnFault: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// A request was to wait while it waited already, or for nothing.
    case preparationWait
    /// The deadline of a wait passed where nothing was waited for.
    case preparationDeadline
    /// An answer named a wait that is for something else.
    case preparationAnswer
    /// A request head came while another request was running.
    case requestHead
    /// A request was to go on whose head and words are not kept.
    case requestText
    /// An upstream was reached for no request that waits for one.
    case upstreamReached
    /// A response head came to no request that waits for one.
    case responseHead
    /// An own answer that is no fault was to follow an answer.
    case ownAnswer
    /// A deadline passed that is none of an exchange.
    case exchangeDeadline
    /// An exchange was over on a connection on which none runs.
    case exchangeEnd
    /// A ClientHello was judged in a tunnel that holds none.
    case tunnelHello
    /// Credentials were to be verified, and there is no authenticator.
    case authenticator
    /// A socket told of an attempt to connect that is not under way.
    case dialAttempt
    /// The pool gave a connection that is not idle.
    case poolEntry
    /// A client's connection was to be forgotten twice.
    case clientConnection
    /// A tunnel was to be forgotten twice.
    case tunnelConnection
    /// A header of the PROXY protocol came on a connection that awaits none.
    case announcement
    /// A client came from a listener that is not known.
    case listener

    /// The label of metrics and of the log: a closed set.
    public var label: StaticString {
        switch self {
        case .preparationWait: "preparation_wait"
        case .preparationDeadline: "preparation_deadline"
        case .preparationAnswer: "preparation_answer"
        case .requestHead: "request_head"
        case .requestText: "request_text"
        case .upstreamReached: "upstream_reached"
        case .responseHead: "response_head"
        case .ownAnswer: "own_answer"
        case .exchangeDeadline: "exchange_deadline"
        case .exchangeEnd: "exchange_end"
        case .tunnelHello: "tunnel_hello"
        case .authenticator: "authenticator"
        case .dialAttempt: "dial_attempt"
        case .poolEntry: "pool_entry"
        case .clientConnection: "client_connection"
        case .tunnelConnection: "tunnel_connection"
        case .announcement: "announcement"
        case .listener: "listener"
        }
    }
}
