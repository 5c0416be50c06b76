public import ApusPolicy
internal import ApusWire

/// By which way a request that is served goes, and why: it shares nothing with ``CompiledPolicy`` but what routes mean.
public struct RouteFinding: Sendable, Hashable {
    /// Why.
    public let reason: RouteReason
    /// Which way.
    public let route: NamedRoute
    /// The host of `bypass` that leaves it out of the default; nil for every other reason.
    public let pattern: HostPattern?

    /// Finds the way of a request that a rule, or none, has allowed; nil where nobody says one.
    ///
    /// - Parameter rule: the way that the rule gives which allowed it.
    init?(_ routes: RouteSettings, _ host: String, _ policy: PolicyRules, ofRule rule: NamedRoute?) {
        if let rule {
            (reason, route, pattern) = (.rule, rule, nil)
            return
        }
        guard let standard = routes.standard else { return nil }
        let isDirect = standard.hops == [NamedRoute.directName]
        guard !isDirect, let pattern = routes.bypass.first(where: { $0.holds(host, policy) }) else {
            (reason, route, pattern) = (.standard, standard, nil)
            return
        }
        (reason, route, self.pattern) = (.bypass, .direct, pattern)
    }
}

extension HostPattern {
    /// Whether it takes a host as it is written.
    fileprivate func holds(_ host: String, _ policy: PolicyRules) -> Bool {
        let literal = IPAddress(host)
        switch self {
        case .any: return true
        case .name(let name): return IPAddress(name).map { $0 == literal?.unmapped } ?? (name == host)
        case .under(let name): return literal == nil && host.hasSuffix("." + name)
        case .network(let block): return literal.map { block.contains($0.unmapped) } ?? false
        case .list(let name):
            let bytes = Array(host.utf8)
            return policy.lists[name]?.contains(bytes.span) ?? false
        }
    }
}
