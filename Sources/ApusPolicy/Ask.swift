public import ApusWire

/// What a client asks for, as an embedder's policy sees it: parsed, normalised and without credentials.
///
/// It is built only when there is such a policy. Address rules come after it and cannot be lifted by it: a verdict of
/// ``Verdict/allow`` does not open a destination that ``DestinationGuard`` refuses.
public struct Ask: Sendable, Hashable {
    /// The client's address; IPv4 clients of a dual-stack listener are IPv4 addresses here.
    public let client: IPAddress
    /// The name of the user who has shown valid credentials; nil if none were shown, or nobody verifies any.
    public let user: String?
    /// The groups that the authenticator knows the user to be in.
    public let groups: [String]
    /// The method as it was sent; methods are case-sensitive (RFC 9110 §9.1).
    public let method: String
    /// `http`; empty for CONNECT, because a tunnel does not say what is inside.
    public let scheme: String
    /// The host in lower case without a trailing dot; an IPv6 address in the form of RFC 5952, without brackets.
    public let host: String
    /// The port, 80 if a URL named none.
    public let port: UInt16
    /// The path with its query, as it was sent; empty for CONNECT.
    public let path: String

    /// Makes an ask, so that a policy can be tested without a proxy.
    public init(
        client: IPAddress,
        user: String? = nil,
        groups: [String] = [],
        method: String,
        scheme: String,
        host: String,
        port: UInt16,
        path: String
    ) {
        self.client = client.unmapped
        self.user = user
        self.groups = groups
        self.method = method
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    /// The client's address as text.
    public var clientAddress: String { client.description }
}
