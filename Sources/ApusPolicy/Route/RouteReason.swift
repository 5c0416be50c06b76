/// Why a request goes the way it goes.
public enum RouteReason: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable {
    /// Nobody says a way, so that it goes to the host itself.
    case nobody
    /// The rule that allowed it says so (`route` in `allow`).
    case rule
    /// The default would have it go by a parent, and says of this host that it does not (`bypass`).
    case bypass
    /// The default says so (`route` at the top).
    case standard

    /// As records have it: `rule`, `bypass`, `default`; empty where nobody says a way.
    public var word: StaticString {
        switch self {
        case .nobody: ""
        case .rule: "rule"
        case .bypass: "bypass"
        case .standard: "default"
        }
    }
}
