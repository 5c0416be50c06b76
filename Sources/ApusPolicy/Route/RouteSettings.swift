/// By which ways requests may go: what rules may name, and where all else goes.
public struct RouteSettings: Sendable, Hashable {
    /// The most parents.
    public static let mostParents = 32

    /// The names of the parents, in the order by which ``RouteHop/parent(_:)`` numbers them.
    public var parents: [String]
    /// The way of what no rule gives one; nil for the direct way.
    public var standard: NamedRoute?
    /// The hosts that ``standard`` does not take to a parent: they are reached directly, unless a rule says another way. A network is
    /// meant of hosts that are addresses: no name is looked up for it.
    public var bypass: [HostPattern]

    /// Makes settings; without arguments all goes directly, and a rule may say so alone.
    public init(parents: [String] = [], standard: NamedRoute? = nil, bypass: [HostPattern] = []) {
        self.parents = parents
        self.standard = standard
        self.bypass = bypass
    }

    /// All that is wrong with a route.
    public func faults(of route: NamedRoute) -> [RouteFault] {
        if route.hops.isEmpty { return [.empty] }
        var faults: [RouteFault] = []
        if route.hops.count > RoutePlan.mostHops { faults.append(.tooManyHops(route.hops.count)) }
        var seen: Set<String> = []
        for hop in route.hops {
            if !seen.insert(hop).inserted { faults.append(.repeated(hop)) }
            if hop != NamedRoute.directName, number(hop) == nil { faults.append(.unknownParent(hop, known: parents)) }
        }
        guard route.balance == .hash else { return faults }
        if route.parents.count < 2 { faults.append(.nothingToBalance) }
        if route.hops.dropLast().contains(NamedRoute.directName) { faults.append(.directInBalance) }
        return faults
    }

    /// A checked route with its parents by number; what is unknown is left out.
    func plan(_ route: NamedRoute) -> RoutePlan {
        let hops = route.hops.compactMap { name in
            name == NamedRoute.directName ? RouteHop.direct : number(name).map { RouteHop.parent($0) }
        }
        return RoutePlan(hops, route.balance)
    }

    private func number(_ name: String) -> UInt8? { parents.firstIndex(of: name).flatMap { UInt8(exactly: $0) } }
}
