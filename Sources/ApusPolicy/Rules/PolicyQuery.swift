public import ApusWire

/// What a policy is asked about a request, but for its words: host, method and path go beside it as bytes, so that a question
/// costs no allocation.
public struct PolicyQuery: Sendable, BitwiseCopyable {
    /// Whether there is a user, and which.
    public enum Who: Sendable, Hashable, BitwiseCopyable {
        /// No credentials were shown.
        case unknown
        /// A user that the policy names, by ``CompiledPolicy/userIndex(_:)``.
        case user(UInt32)
        /// A user with valid credentials whom no rule and no group names.
        case stranger
    }

    /// The client's address, as rules judge it: never v4-mapped.
    public var client: IPAddress
    /// The listener's place in `listen`, from 0.
    public var listener: UInt16
    /// Who asks.
    public var who: Who
    /// The groups that whoever asks was shown to be in, beside those that the policy puts the user in; none for the unknown.
    public var groups: GroupSet
    /// Which method it is; `other` sends the rules to the bytes.
    public var method: Method
    /// The scheme of the URL; without meaning for CONNECT, which has none.
    public var scheme: Scheme
    /// The port that is asked for.
    public var port: UInt16
    /// The host, if it is an address literal; or the address that is about to be dialled for a name.
    public var address: IPAddress?
    /// Whether the host is known to be that address, written out; else its bytes are looked at.
    public var hostIsAddress: Bool
    /// When, in seconds since 1970.
    public var time: Int64

    /// Makes a query.
    public init(
        client: IPAddress,
        listener: UInt16 = 0,
        who: Who = .unknown,
        groups: GroupSet = GroupSet(),
        method: Method = .get,
        scheme: Scheme = .http,
        port: UInt16 = 80,
        address: IPAddress? = nil,
        hostIsAddress: Bool = false,
        time: Int64 = 0
    ) {
        self.client = client.unmapped
        self.listener = listener
        self.who = who
        self.groups = groups
        self.method = method
        self.scheme = scheme
        self.port = port
        self.address = address
        self.hostIsAddress = hostIsAddress
        self.time = time
    }
}
