/// What a rule says of a request that it allowed, in two bytes: what a thread asks before it looks closer.
public struct RuleFlags: OptionSet, Sendable, Hashable, BitwiseCopyable {
    /// One bit a fact.
    public let rawValue: UInt16

    /// Takes the bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// It opens what `--allow-private` opens.
    public static let allowsPrivate = RuleFlags(rawValue: 1)
    /// It opens blocks: see ``Permission/exceptions``.
    public static let hasExceptions = RuleFlags(rawValue: 2)
    /// It names ports, so that `connect-ports` does not hold.
    public static let namesPorts = RuleFlags(rawValue: 4)
    /// It changes fields of the request or of the response.
    public static let editsFields = RuleFlags(rawValue: 8)
    /// It says by which way it goes.
    public static let hasRoute = RuleFlags(rawValue: 16)
    /// It speaks of names, so that the name inside a tunnel has to be that of CONNECT.
    public static let isByName = RuleFlags(rawValue: 32)
    /// It only reports.
    public static let isReportOnly = RuleFlags(rawValue: 64)
    /// It allows.
    public static let allows = RuleFlags(rawValue: 128)
    /// It says that its tunnels have to be TLS; that they may hold any protocol. With neither, the settings say.
    public static let requiresTLS = RuleFlags(rawValue: 256)
    public static let takesAnyProtocol = RuleFlags(rawValue: 512)
    /// It allows all requests to a host and port alike: it knows no path, method or scheme, and changes nothing.
    public static let isWhole = RuleFlags(rawValue: 1_024)
}

extension RuleFlags {
    /// What a rule says.
    init(_ rule: Rule) {
        self = []
        if rule.isReportOnly { insert(.isReportOnly) }
        if !rule.condition.ports.isEmpty { insert(.namesPorts) }
        if rule.condition.hosts.contains(where: \.isName) { insert(.isByName) }
        guard case .allow(let permission) = rule.action else { return }
        insert(.allows)
        if permission.allowsPrivate { insert(.allowsPrivate) }
        if !permission.exceptions.isEmpty { insert(.hasExceptions) }
        if !permission.requestFields.isEmpty || !permission.responseFields.isEmpty { insert(.editsFields) }
        if permission.route != nil { insert(.hasRoute) }
        if permission.tls == .required { insert(.requiresTLS) }
        if permission.tls == .any { insert(.takesAnyProtocol) }
        if !rule.condition.tellsRequestsApart, !contains(.editsFields) { insert(.isWhole) }
    }
}

extension Condition {
    /// Whether it may take some requests to a host and port, and not others: by path, method or scheme.
    var tellsRequestsApart: Bool {
        !paths.isEmpty || !methods.isEmpty || !schemes.isEmpty || exceptions.contains(where: \.tellsRequestsApart)
    }
}

extension HostPattern {
    /// Whether it matches names as they are written.
    var isName: Bool {
        switch self {
        case .name, .under, .list: true
        case .any, .network: false
        }
    }
}
