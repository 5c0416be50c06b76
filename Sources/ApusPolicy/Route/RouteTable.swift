internal import ApusWire

/// The ways of a policy: each plan once, and which one a rule, a bypass or the default gives.
struct RouteTable: Sendable {
    /// What it was made of.
    let settings: RouteSettings
    /// The first is the direct way.
    private let plans: [RoutePlan]
    /// Of each rule; empty where none says a way.
    private let ofRules: [RouteChoice]
    private let standard: RouteChoice
    private let bypass: HostSet
    /// Whether nobody says a way.
    let isEmpty: Bool

    /// Numbers the plans of checked rules and settings.
    init(_ rules: PolicyRules, _ settings: RouteSettings) {
        self.settings = settings
        var plans = [RoutePlan.direct]
        func choice(_ route: NamedRoute?, _ reason: RouteReason) -> RouteChoice {
            guard let route else { return .unsaid }
            let plan = settings.plan(route)
            let place = plans.firstIndex(of: plan) ?? plans.count
            if place == plans.count { plans.append(plan) }
            return RouteChoice(RouteIndex(raw: UInt16(truncatingIfNeeded: place)), reason)
        }
        standard = choice(settings.standard, .standard)
        let ofRules = rules.rules.map { choice($0.action.route, .rule) }
        let isSaid = ofRules.contains { $0 != .unsaid }
        self.ofRules = isSaid ? ofRules : []
        self.plans = plans
        bypass = HostSet(standard.isDirect ? [] : settings.bypass, lists: rules.lists)
        isEmpty = !isSaid && standard == .unsaid
    }

    /// The plan of a number that this table has given; the direct way for every other.
    subscript(index: RouteIndex) -> RoutePlan { Int(index.raw) < plans.count ? plans[Int(index.raw)] : .direct }

    /// The way of a request: its rule's, else the direct one where the default leaves the host out, else the default.
    ///
    /// - Parameters:
    ///   - rule: the one that allowed it; ``Decision/noRule`` says no way.
    ///   - host: in lower case without a trailing dot; an IPv6 literal without brackets.
    ///   - literal: the address that the host is; nil for a name.
    func choice(_ rule: UInt16, _ host: Span<UInt8>, _ literal: IPAddress?) -> RouteChoice {
        if Int(rule) < ofRules.count, ofRules[Int(rule)] != .unsaid { return ofRules[Int(rule)] }
        guard !standard.isDirect else { return standard }
        return bypass.contains(host, literal) ? RouteChoice(.direct, .bypass) : standard
    }
}

extension RuleAction {
    /// The way that what is allowed goes.
    package var route: NamedRoute? {
        if case .allow(let permission) = self { permission.route } else { nil }
    }
}
