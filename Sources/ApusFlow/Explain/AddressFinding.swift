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

    /// Whether it may be dialled.
    public var isAllowed: Bool { explanation.decision.outcome == .allow && refusal == nil }

    init(_ address: IPAddress, _ question: PolicyQuestion, _ policy: PolicyRules, _ access: AccessRules) {
        var question = question
        question.address = address
        self.address = address
        explanation = policy.explain(question)
        guard explanation.decision.outcome == .allow else {
            refusal = nil
            return
        }
        let rule = explanation.decision.rule
        let deciding = Int(rule) < policy.rules.count ? policy.rules[Int(rule)] : nil
        var permission = Permission()
        if case .allow(let own) = deciding?.action { permission = own }
        let namesPorts = deciding?.condition.ports.isEmpty == false
        let port = question.method == "CONNECT" && !namesPorts ? access.decideConnect(question.port) : nil
        refusal =
            port
            ?? access.destinations.judge(
                address,
                port: question.port,
                lifting: permission.allowsPrivate,
                permission.exceptions
            )
    }
}
