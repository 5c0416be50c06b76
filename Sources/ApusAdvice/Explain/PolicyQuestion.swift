public import ApusPolicy
public import ApusWire

/// A question to a policy in words, for people and tests; the engine is asked with a ``PolicyQuery``.
public struct PolicyQuestion: Sendable, Hashable {
    /// Whether there is a user, and which.
    public enum User: Sendable, Hashable {
        /// No credentials were shown.
        case unknown
        /// A user with valid credentials.
        case named(String)
    }

    /// The client's address.
    public var client: IPAddress
    /// The listener, as it is written in `listen`; nil for one that no rule names.
    public var listener: String?
    /// Who asks.
    public var user: User
    /// The groups that came with the user's credentials.
    public var groups: [String]
    /// The method; CONNECT asks for a tunnel.
    public var method: String
    /// The scheme of the URL; without meaning for CONNECT, which has none.
    public var scheme: Scheme
    /// The host, in lower case without a trailing dot and without brackets.
    public var host: String
    /// The port.
    public var port: UInt16
    /// The path, with or without the query; a tunnel has none.
    public var path: String
    /// The address of the host that is about to be dialled; nil while it is not known.
    public var address: IPAddress?
    /// When, in seconds since 1970.
    public var time: Int64

    /// Makes a question; the host may be in any case, and may have a trailing dot or brackets.
    public init(
        _ method: String = "GET",
        scheme: Scheme = .http,
        host: String,
        port: UInt16 = 80,
        path: String = "/",
        from client: IPAddress,
        user: User = .unknown,
        groups: [String] = [],
        listener: String? = nil,
        address: IPAddress? = nil,
        time: Int64 = 0
    ) {
        self.client = client.unmapped
        self.listener = listener
        self.user = user
        self.groups = groups
        self.method = method
        self.scheme = scheme
        var name = host.lowercased()
        if name.hasPrefix("[") && name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if name.hasSuffix(".") { name.removeLast() }
        self.host = name
        self.port = port
        self.path = path
        self.address = address
        self.time = time
    }
}
