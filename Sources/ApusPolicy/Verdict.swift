/// What an embedder's policy answers to an ``Ask``.
public enum Verdict: Sendable, Hashable {
    /// Go on: the address rules and the ports of CONNECT still apply.
    case allow
    /// Refuse. The reason is shown to the client and in the log, escaped; the status is 400...599, any other is
    /// answered as 403.
    case deny(reason: String, status: UInt16 = 403)
    /// Nobody could decide, as when what is asked for it does not answer: 503 with Retry-After, an error and no denial. The reason is for
    /// the log alone.
    case unavailable(reason: String)
    /// Go on, but reach the host in another way; the address that is dialled in the end is judged like any other.
    case route(to: Route)

    /// The status of the answer that a ``deny(reason:status:)`` leads to; nil if there is none.
    public var deniedStatus: UInt16? {
        guard case .deny(_, let status) = self else { return nil }
        return (400...599).contains(status) ? status : Refusal.denied.status
    }
}

/// How a host is reached. More ways may come, such as a parent proxy: do not switch over it exhaustively.
public enum Route: Sendable, Hashable {
    /// Look the host up and dial it.
    case direct
    /// Dial this host (a name, or an address without brackets) and port instead; the request stays as it is.
    case address(host: String, port: UInt16)
}
