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
    /// `http` for plain requests, `https` for tunnels by CONNECT (`scheme`).
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

/// Which kind of request a rule speaks of.
public enum Scheme: String, Sendable, Hashable, CaseIterable {
    /// A plain request.
    case http
    /// A tunnel by CONNECT, whatever is inside.
    case https
}
