/// A route with its parents by number: what ``NamedRoute`` says, so that a request carries no name.
public struct RoutePlan: Sendable, BitwiseCopyable {
    /// The most hops that a route may name.
    public static let mostHops = 8

    private var hops = InlineArray<8, RouteHop>(repeating: .direct)
    private var used: UInt8
    /// How its hops share what goes by it; ``RouteBalance/hash`` says nothing of the direct way, which is the last then.
    public let balance: RouteBalance

    /// To the host itself.
    public static let direct = RoutePlan([.direct], .inOrder)

    /// Makes a plan of checked hops; what is more than ``mostHops`` is left out.
    public init(_ hops: some Sequence<RouteHop>, _ balance: RouteBalance) {
        var used: UInt8 = 0
        for hop in hops.prefix(RoutePlan.mostHops) {
            self.hops[Int(used)] = hop
            used += 1
        }
        self.used = used
        self.balance = balance
    }

    /// How many hops there are, at least one.
    public var count: Int { Int(used) }

    /// A hop by its place, from 0; behind the last one the direct way stands for nothing, and is not to be taken.
    public subscript(place: Int) -> RouteHop { hops[place] }

    /// Whether the host itself is one of its hops.
    public var hasDirect: Bool {
        for place in 0..<count where hops[place] == .direct { return true }
        return false
    }
}

extension RoutePlan: Hashable {
    public static func == (left: RoutePlan, right: RoutePlan) -> Bool {
        guard left.used == right.used, left.balance == right.balance else { return false }
        for place in 0..<left.count where left.hops[place] != right.hops[place] { return false }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(balance)
        for place in 0..<count { hasher.combine(hops[place]) }
    }
}
