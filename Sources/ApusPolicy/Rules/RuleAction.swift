public import ApusWire

/// What a rule does with a request that it matches.
public enum RuleAction: Sendable, Hashable {
    /// Serve it.
    case allow(Permission)
    /// Refuse it.
    case deny(Rejection)
    /// Count it: a rule of this kind never decides, it bounds whatever is allowed, wherever it stands.
    case limit(UsageLimit)
}

/// How an allowed request is served.
public struct Permission: Sendable, Hashable {
    /// Opens loopback and private networks, as `--allow-private` does, for what the rule matches (`private: true`).
    public var allowsPrivate = false
    /// Opens these blocks, whatever they are, for what the rule matches (`private: [CIDR, …]`).
    public var exceptions: [CIDR] = []
    /// Changes to the request's fields (`request-headers`); a tunnel has none.
    public var requestFields = FieldEdits()
    /// Changes to the response's fields (`response-headers`); a tunnel has none.
    public var responseFields = FieldEdits()
    /// How long its origin may be silent (`timeouts`).
    public var timeouts = RuleTimeouts()
    /// By which way it goes (`route`); nil leaves that to the default.
    public var route: NamedRoute?
    /// What may pass through a tunnel (`tls`); nil leaves that to ``ServerNameCheck/notTLS``, which wants TLS.
    public var tls: TunnelTLS?

    /// Serves it as it is.
    public init() {}
}

/// What may pass through the tunnels that a rule allows.
public enum TunnelTLS: String, Sendable, Hashable, CaseIterable {
    /// TLS alone: what the client says first has to be a ClientHello.
    case required
    /// Any protocol.
    case any
}

/// How a refusal is told.
public struct Rejection: Sendable, Hashable {
    /// The status, 400...599; 403 unless said.
    public var status: UInt16 = 403
    /// What the client is told in place of the usual sentence (`text`).
    public var text: String?

    /// 403, with the usual sentence.
    public init() {}
}

/// Fields to drop and to set; dropping comes first.
public struct FieldEdits: Sendable, Hashable {
    /// Names of fields to drop, in any case.
    public var drop: [String] = []
    /// Fields to set, in place of any of the same name.
    public var set: [Field] = []

    /// One field line.
    public struct Field: Sendable, Hashable {
        /// The name, as it is sent.
        public var name: String
        /// The value, as it is sent.
        public var value: String
        /// Makes a field line.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// No change.
    public init() {}

    /// Whether it changes nothing.
    public var isEmpty: Bool { drop.isEmpty && set.isEmpty }
}
