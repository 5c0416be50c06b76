/// One of the ways to a host that a ``RoutePlan`` names.
public enum RouteHop: Sendable, Hashable, BitwiseCopyable {
    /// To the host itself.
    case direct
    /// By a parent: a proxy that stands between. Its place among the parents of the settings, from 0.
    case parent(UInt8)
}
