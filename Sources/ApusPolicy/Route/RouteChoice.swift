/// The way that a request goes, and why.
public struct RouteChoice: Sendable, Hashable, BitwiseCopyable {
    /// Which way.
    public var index: RouteIndex
    /// Why.
    public var reason: RouteReason

    /// Makes a choice.
    public init(_ index: RouteIndex, _ reason: RouteReason) {
        self.index = index
        self.reason = reason
    }

    /// Nobody says a way: to the host itself.
    public static let unsaid = RouteChoice(.direct, .nobody)

    /// Whether it goes to the host itself, whatever happens.
    public var isDirect: Bool { index == .direct }
}
