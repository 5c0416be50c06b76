internal import ApusWire

/// What went wrong with a proxy behind this one (a parent), which a request was to go by.
///
/// What it says in a well-formed answer is final: another way would be a way round it. Where it says nothing that can be understood, the next
/// way of the route is tried.
public enum ParentFault: Sendable, Equatable {
    /// All parents of the route are out of service, as far as is known.
    case unavailable
    /// Its own name could not be looked up.
    case unknown
    /// It could not be connected to.
    case dial(DialFailure)
    /// It did not accept the connection, or did not answer, in time.
    case timedOut
    /// It closed the connection before it had answered.
    case closed
    /// What it sent is no answer.
    case malformed
    /// It wants credentials, or others than those that it was given.
    case credentials
    /// It answered a CONNECT with this status.
    case refused(UInt16)
    /// It answered a SOCKS request with this reply (RFC 1928 §6).
    case declined(UInt8)

    /// Whether it speaks against the parent itself: it counts for its health, and the next way of the route is tried.
    public var speaksAgainstParent: Bool {
        switch self {
        case .unknown, .timedOut, .closed, .malformed: true
        // What this machine lacks is not the parent's fault.
        case .dial(let failure): failure != .exhausted && failure != .prohibited
        case .unavailable, .credentials, .refused, .declined: false
        }
    }

    /// Whether the parent has answered, though not as the request would have it: it is in service.
    public var isItsAnswer: Bool {
        switch self {
        case .credentials, .refused, .declined: true
        case .unavailable, .unknown, .dial, .timedOut, .closed, .malformed: false
        }
    }

    /// The status that the parent answered with.
    public var receivedStatus: UInt16? {
        switch self {
        case .refused(let status): status
        default: nil
        }
    }

    /// The word of the metric: a closed set.
    public var result: StaticString {
        switch self {
        case .unavailable: "unavailable"
        case .unknown, .dial: "unreachable"
        case .timedOut: "timeout"
        case .closed: "closed"
        case .malformed: "malformed"
        case .credentials: "credentials"
        case .refused, .declined: "refused"
        }
    }
}

extension ParentFault {
    /// Who ended it, and how.
    private var ending: Ending {
        let how: Ending.How =
            switch self {
            case .unavailable, .unknown, .dial: .unreachable
            case .timedOut: .timeout
            case .closed: .closed
            case .malformed: .fault
            case .credentials, .refused, .declined: .refused
            }
        return Ending(.upstream, .reach, how)
    }

    /// What it means to the client, the log and the metrics.
    var row: Fault.Row {
        let (status, error) = answer
        return Fault.Row(
            status: status,
            error: error,
            label: label,
            sentence: sentence,
            ending: ending
        )
    }

    private var answer: (UInt16, ProxyErrorType) {
        switch self {
        case .unavailable: (503, .destinationUnavailable)
        case .unknown: (502, .dnsError)
        case .dial(let failure): ParentFault.answer(failure)
        case .timedOut: (504, .connectionTimeout)
        case .closed: (502, .connectionTerminated)
        case .malformed: (502, .httpProtocolError)
        case .credentials: (502, .proxyConfigurationError)
        case .refused(let status): ParentFault.answer(status: status)
        case .declined(let reply): ParentFault.answer(reply: reply)
        }
    }

    private static func answer(_ failure: DialFailure) -> (UInt16, ProxyErrorType) {
        switch failure {
        case .refused: (502, .connectionRefused)
        case .unreachable, .prohibited: (502, .destinationIPUnroutable)
        case .timedOut: (504, .connectionTimeout)
        case .reset: (502, .connectionTerminated)
        case .exhausted, .other: (503, .destinationUnavailable)
        }
    }

    /// What a client can act on keeps its status; what would make it do something with this proxy (prove itself, go elsewhere) does not.
    private static func answer(status: UInt16) -> (UInt16, ProxyErrorType) {
        switch status {
        case 403, 404, 429, 451: (status, .httpRequestDenied)
        case 504: (504, .connectionTimeout)
        case 500...599: (status, .destinationUnavailable)
        case 401: (502, .proxyConfigurationError)
        default: (502, .httpProtocolError)
        }
    }

    private static func answer(reply: UInt8) -> (UInt16, ProxyErrorType) {
        switch reply {
        case 2: (403, .httpRequestDenied)
        case 3, 4: (502, .destinationIPUnroutable)
        case 5: (502, .connectionRefused)
        case 6: (504, .connectionTimeout)
        default: (502, .destinationUnavailable)
        }
    }

    private var label: StaticString {
        switch self {
        case .unavailable: "parent_unavailable"
        case .unknown: "parent_dns_error"
        case .dial: "parent_unreachable"
        case .timedOut: "parent_timeout"
        case .closed: "parent_closed"
        case .malformed: "parent_malformed_answer"
        case .credentials: "parent_credentials"
        case .refused, .declined: "parent_refused"
        }
    }

    private var sentence: StaticString {
        switch self {
        case .unavailable: "No proxy behind this one is in service for the request."
        case .unknown: "The name of the proxy behind this one is not known."
        case .dial: "The proxy behind this one could not be connected to."
        case .timedOut: "The proxy behind this one did not answer in time."
        case .closed: "The proxy behind this one closed the connection before it had answered."
        case .malformed: "The proxy behind this one sent what is no answer."
        case .credentials: "The proxy behind this one wants other credentials than it was given."
        case .refused, .declined: "The proxy behind this one refused the request."
        }
    }

    /// What to do about it.
    var hint: StaticString {
        switch self {
        case .unavailable: "It is tried again soon; `parents` names the proxies, `route` the ways of a request."
        case .unknown: "Check the host in the URL of `parents`: this machine looks it up."
        case .dial: "Check that it runs, and the host and port in the URL of `parents`."
        case .timedOut: "`timeout` of the parent sets how long it is waited for."
        case .closed: "Look into its log; it may not serve this machine."
        case .malformed:
            "Check the scheme in the URL of `parents`: a proxy for HTTP speaks no SOCKS, nor the other way round."
        case .credentials: "Set `credentials` of the parent; Basic is what Apus can prove itself by."
        case .refused, .declined:
            "Its rules refuse the host or port, or it does not reach the host; its log says why."
        }
    }
}
