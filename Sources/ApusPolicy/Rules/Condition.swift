public import ApusWire

/// When a rule matches: every part that is given must be true of the request, an empty part says nothing.
///
/// Within a part one entry is enough: `to: [a.example, b.example]` is either. ``exceptions`` turn a match into none.
public struct Condition: Sendable, Hashable {
    /// Client networks (`from`).
    public var from: [CIDR] = []
    /// Users and groups (`user`). A client that has shown no credentials is asked for them before such a rule is passed over.
    public var users: [UserPattern] = []
    /// Methods, case-sensitive (`method`); CONNECT is one. A rule that denies or bounds ignores case, for servers that do.
    public var methods: [String] = []
    /// The schemes of plain requests (`scheme`). A tunnel by CONNECT shows none: ``methods`` names it. ``Scheme/https`` was the word for
    /// tunnels once, and goes on to take them.
    public var schemes: [Scheme] = []
    /// Hosts (`to`).
    public var hosts: [HostPattern] = []
    /// Ports (`ports`).
    public var ports: [ClosedRange<UInt16>] = []
    /// What the path begins with, query excluded (`path`); a tunnel shows no path, so that it matches none.
    ///
    /// A path has two forms: as it was sent, with unreserved characters decoded (RFC 3986 §6.2.2.2), and as the most generous server
    /// reads it. A rule that allows wants both to begin so, one that denies or bounds either; in ``exceptions`` it is the other way
    /// round. Of a path with a segment `.` or `..`, in any spelling, all that deny or bound by path take it, and none that allows.
    public var paths: [String] = []
    /// Times of day and days of the week (`time`).
    public var times: [TimeWindow] = []
    /// The listeners, as they were written in `listen` (`listener`).
    public var listeners: [String] = []
    /// What must not be true (`not`): the rule is passed over where one of these matches.
    public var exceptions: [Condition] = []

    /// A condition that is always true.
    public init() {}

    /// Whether it says nothing.
    public var isEmpty: Bool { self == Condition() }
}

extension Condition {
    /// Whether the schemes take a request; nil is that of a tunnel, which does not say what is inside.
    package func takesScheme(_ scheme: Scheme?) -> Bool {
        schemes.isEmpty || schemes.contains(scheme ?? .https)
    }
}

/// The scheme of the URL that a plain request asks for (RFC 9110 §4.2).
public enum Scheme: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
    /// Plain HTTP.
    case http
    /// HTTP over TLS. As the word of a rule it also takes tunnels by CONNECT, whatever is inside.
    case https
}
