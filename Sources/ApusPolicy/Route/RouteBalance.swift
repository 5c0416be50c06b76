/// How the hops of a route share what goes by it.
public enum RouteBalance: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
    /// The first one takes it all, each other one what those before it cannot take.
    case inOrder = "in-order"
    /// Each takes some of the hosts, always the same as long as it can; where it cannot, the next one does, the last before the first.
    case hash
}
