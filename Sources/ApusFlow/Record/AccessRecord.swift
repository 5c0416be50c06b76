package import ApusWire

/// What is known of one request or tunnel when it is over. There is one for each, always.
///
/// It is built only when somebody reads it: a log, an observer, an embedder. It never holds credentials: neither
/// `Proxy-Authorization` nor userinfo gets here. Text that comes from a peer is as the peer wrote it; the log formats
/// escape it.
public struct AccessRecord: Sendable, Equatable {
    /// What was asked for.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// A request and its response.
        case request
        /// A CONNECT, and the tunnel if there was one.
        case tunnel
        /// A request that became another protocol by 101.
        case upgrade

        /// The word of logs.
        public var word: StaticString {
            switch self {
            case .request: "request"
            case .tunnel: "tunnel"
            case .upgrade: "upgrade"
            }
        }
    }

    /// The decision id, which the proxy's own answers show too; 16 hexadecimal digits in text.
    public var id: UInt64
    /// When the first byte of the request came, in microseconds since 1970.
    public var startedAt: Int64
    /// What was asked for.
    public var kind: Kind
    /// The client's address, without brackets.
    public var clientAddress: String
    /// The client's port.
    public var clientPort: UInt16
    /// The address and port of the balancer that announced the client by the PROXY protocol; nil for a client that came itself.
    public var peer: String?
    /// The listener's address and port, or its name.
    public var listener: String
    /// The name of the authenticated user.
    public var user: String?
    /// The groups that the user's credentials name; those that the rules name are not among them.
    public var groups: [String] = []
    /// The method; empty if the request line was not understood.
    public var method: String
    /// `http`, or `https` once such URLs are fetched; nil for a tunnel, which ``kind`` tells, and if it was not understood.
    public var scheme: String?
    /// The host, normalised, without brackets; empty if it was not understood.
    public var host: String
    /// The port; 0 if it was not understood.
    public var port: UInt16
    /// Path and query, from the `/` on; empty for a tunnel.
    public var path: String
    /// The version of the request, such as `HTTP/1.1`; empty if it was not understood.
    public var httpVersion: String
    /// The protocol by which the client has asked, where that is not HTTP: `socks4`, `socks4a` or `socks5`.
    public var clientProtocol: String?
    /// What a client of SOCKS 4 says of its user, at most 255 bytes: nobody has verified it. Nil where it says nothing, or it is known no more.
    public var claimedUser: String?
    /// The final status sent to the client; 0 if none was. A client of SOCKS is sent a reply that stands for it.
    public var status: UInt16
    /// What passed.
    public var bytes: ByteCounts
    /// How long it took.
    public var times: PhaseTimes
    /// The address and port that answered, or was tried last; nil if none was.
    public var upstream: String?
    /// Whether the connection to the upstream came from the pool.
    public var reused: Bool
    /// The proxy that stands between, by its name in the settings; nil where the host itself was connected to, or nothing.
    public var parent: String?
    /// Why it went by that one: `rule`, `default`, or `failover` where a way that comes before it failed or is out of service.
    public var routeReason: String?
    /// What the guard has judged of a host that a parent reaches: `address`, or `name` alone where nobody here knows an address of it.
    public var judged: String?
    /// Who ended it, in which stage, and how.
    public var ending: Ending
    /// The RFC 9209 error type, if the answer was the proxy's own, or the end of a tunnel was.
    public var proxyStatus: String?
    /// The label of the refusal or fault: `RequestFault.metricLabel` and its like.
    public var fault: String?
    /// The same for people: one sentence.
    public var reason: String?
    /// The policy's rule that decided, by its name or place; nil if none did.
    public var rule: String?
    /// The first report-only rule that would have refused it; or the label of what the check of a tunnel's ClientHello would have
    /// refused it for.
    public var wouldDeny: String?
    /// The host that a tunnel's ClientHello names, where it is another one than CONNECT's.
    public var serverName: String?
    /// Why a tunnel passed although rules deny by name, and the name inside could not be held against them: a label, as of a refusal.
    public var unjudged: String?
    /// How many bytes of the request came behind its answer, and were read by nobody, where it was answered before it was whole; they are
    /// among ``bytes``. Nil where it was whole, or its body was relayed to its end.
    public var unread: UInt64?
    /// The program that asked, by its User-Agent (RFC 9110 §10.1.5), at most 256 bytes of it; nil where it did not say, or it is known no more.
    public var userAgent: String?
    /// The page that it came from, by its Referer (RFC 9110 §10.1.3), at most 1 KiB of it as it came; nil as before.
    public var referer: String?
    /// The Content-Type of the response (RFC 9110 §8.3), at most 128 bytes of it; nil as before.
    public var contentType: String?

    /// Makes a record; what is not known yet may be set later.
    public init(
        id: UInt64,
        startedAt: Int64,
        kind: Kind = .request,
        clientAddress: String,
        clientPort: UInt16,
        listener: String,
        user: String? = nil,
        method: String = "",
        scheme: String? = nil,
        host: String = "",
        port: UInt16 = 0,
        path: String = "",
        httpVersion: String = "",
        status: UInt16 = 0,
        bytes: ByteCounts = .init(),
        times: PhaseTimes = .init(),
        upstream: String? = nil,
        reused: Bool = false,
        ending: Ending = .complete,
        proxyStatus: String? = nil,
        fault: String? = nil,
        reason: String? = nil,
        rule: String? = nil,
        wouldDeny: String? = nil,
        serverName: String? = nil,
        unjudged: String? = nil
    ) {
        self.id = id
        self.startedAt = startedAt
        self.kind = kind
        self.clientAddress = clientAddress
        self.clientPort = clientPort
        self.listener = listener
        self.user = user
        self.method = method
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.httpVersion = httpVersion
        self.status = status
        self.bytes = bytes
        self.times = times
        self.upstream = upstream
        self.reused = reused
        self.ending = ending
        self.proxyStatus = proxyStatus
        self.fault = fault
        self.reason = reason
        self.rule = rule
        self.wouldDeny = wouldDeny
        self.serverName = serverName
        self.unjudged = unjudged
    }
}

extension AccessRecord {
    /// The decision id as logs and answers show it.
    public var idText: String {
        var bytes: [UInt8] = []
        bytes.write(hexadecimal: id)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension AccessRecord {
    /// The upstream's address without its port; nil if there was none, or it is no address.
    package var upstreamAddress: IPAddress? {
        guard let upstream, let colon = upstream.utf8.lastIndex(of: Ascii.colon) else { return nil }
        let host = upstream[..<colon]
        return IPAddress(host.utf8.first == Ascii.leftBracket ? host.dropFirst().dropLast() : host)
    }
}
