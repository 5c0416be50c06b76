public import ApusPolicy
public import ApusWire

/// What becomes of one address of a host: the rules are asked with it, then the guard.
public struct AddressFinding: Sendable, Hashable {
    /// Which address.
    public let address: IPAddress
    /// What the rules say where they are asked with it.
    public let explanation: PolicyExplanation
    /// Why it may not be dialled, if rules allow it and the guard or the ports of CONNECT do not.
    public let refusal: Refusal?

    /// Whether it is among those that are dialled: it may be, and serves the request as the first one that may be does. What the rules
    /// give (an opened guard, changes to fields, limits, the check of a tunnel's name) is given by one decision.
    public internal(set) var isDialled = false
    /// What the rule that decided gives.
    private let permission: Permission
    private let comparesName: Bool

    /// Whether it may be dialled.
    public var isAllowed: Bool { explanation.decision.outcome == .allow && refusal == nil }

    /// Whether the request is served by both alike.
    func servesAlike(_ other: AddressFinding) -> Bool {
        permission == other.permission && comparesName == other.comparesName
            && explanation.limits == other.explanation.limits
    }

    init(
        _ address: IPAddress,
        _ question: PolicyQuestion,
        _ policy: PolicyRules,
        _ access: AccessRules,
        check: ServerNameCheck
    ) {
        var question = question
        question.address = address
        self.address = address
        explanation = policy.explain(question)
        let rule = explanation.decision.rule
        let deciding = Int(rule) < policy.rules.count ? policy.rules[Int(rule)] : nil
        if case .allow(let own) = deciding?.action { permission = own } else { permission = Permission() }
        comparesName =
            deciding?.condition.hosts.contains { pattern in
                switch pattern {
                case .name, .under, .list: true
                case .any, .network: false
                }
            } ?? false
        guard explanation.decision.outcome == .allow else {
            refusal = nil
            return
        }
        let namesPorts = deciding?.condition.ports.isEmpty == false
        let port = question.method == "CONNECT" && !namesPorts ? access.decideConnect(question.port) : nil
        refusal =
            port ?? check.refusal(of: explanation.decision)
            ?? access.destinations.judge(
                address,
                port: question.port,
                lifting: permission.allowsPrivate,
                permission.exceptions
            )
    }
}
