public import ApusPolicy

/// A parent: a proxy that Apus goes through, as that of a company. Requests go by it where a route names it: ``ProxyConfiguration/route``, or a
/// rule's.
public struct ParentSettings: Sendable, Hashable {
    /// What is spoken with it.
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
        /// HTTP: CONNECT for tunnels, the whole URL for plain requests.
        case http
        /// SOCKS5 (RFC 1928), which is given addresses.
        case socks5
        /// The same, which is given names and looks them up itself.
        case socks5h
    }

    /// What a parent that speaks HTTP is given of a host.
    public enum ConnectBy: String, Sendable, Hashable, CaseIterable {
        /// Its name, which the parent looks up.
        case name
        /// The address that was looked up here, and judged.
        case address
    }

    /// What routes, records and metrics call it: letters, digits, `-`, `_` and `.`, 64 at most; not `direct`.
    public var name: String
    /// What is spoken with it.
    public var scheme: Scheme
    /// Its name, or its address without brackets.
    public var host: String
    /// Its port.
    public var port: UInt16
    /// What it is shown; nil for nothing.
    public var credentials: ParentCredentials?
    /// Where they stand, if settings say so.
    package var credentialsPlace: SecretPlace?
    /// The hosts that go to it by no default route, but directly; a rule's route goes before. A network is meant of hosts that are addresses.
    public var bypass: [HostPattern] = []
    /// What it is given of a host; nil leaves that to ``ProxyConfiguration/connectsByName(_:)``. Only for ``Scheme/http``.
    public var connectBy: ConnectBy?
    /// How long a connection to it, and its answer to a handshake, may take: 5 s, as Envoy's for connections.
    public var timeout: Duration = .seconds(5)
    /// When it counts as out of order.
    public var health = ParentHealth()

    /// Makes a parent.
    public init(name: String, _ scheme: Scheme = .http, host: String, port: UInt16) {
        self.name = name
        self.scheme = scheme
        self.host = host
        self.port = port
    }
}

/// When a parent counts as out of order, and how often it is tried then.
public struct ParentHealth: Sendable, Hashable {
    /// After how many connections or handshakes in a row that came to nothing: 3, as HAProxy's `fall`. An answer of any status is none of them.
    public var failures = 3
    /// How long it is left alone the first time: 1 s. Each further time it is twice as long, up to a minute.
    public var backOff: Duration = .seconds(1)
    /// How often one that is out of order is to be connected to, to see whether it is back: 10 s. Taken, and without effect yet: a request tries it
    /// when the time for which it is left alone has passed.
    public var probe: Duration = .seconds(10)

    /// The defaults.
    public init() {}
}
