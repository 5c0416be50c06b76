/// Which of a policy's ways a request goes: the number of a ``RoutePlan``, by ``CompiledPolicy/plan(of:)``.
public struct RouteIndex: Sendable, Hashable, BitwiseCopyable {
    /// The place among the plans of the policy that gave it.
    public let raw: UInt16

    /// Takes a place.
    init(raw: UInt16) { self.raw = raw }

    /// To the host itself: nobody says another way, or somebody says just this.
    public static let direct = RouteIndex(raw: 0)
}
