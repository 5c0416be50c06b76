import ApusAdvice
import ApusPolicy
import ApusWire

@testable import ApusFlow

/// Asks a compiled policy about a request and the addresses of its host, in the order in which the proxy does.
struct ChoiceAsker {
    /// What came of it.
    struct Answer {
        var dialled: [IPAddress] = []
        /// Of the first that is dialled, or of what is told to be refused; nil where nothing is known before the look-up.
        var decision: Decision?
        var decisions: [IPAddress: Decision] = [:]
        var limits: [Int] = []
        var refusedBy: Refusal?
        /// The status of the proxy's own answer; nil where the request is served.
        var outcome: UInt16?
    }

    private let rules: PolicyRules
    private let access: AccessRules
    private let policy: CompiledPolicy
    private var scratch: PolicyScratch

    init(_ rules: PolicyRules, _ access: AccessRules) throws {
        self.rules = rules
        self.access = access
        policy = try CompiledPolicy(rules)
        scratch = PolicyScratch(policy)
    }

    mutating func ask(_ question: PolicyQuestion, _ addresses: [IPAddress]) -> Answer {
        let literal = IPAddress(question.host)
        let first = decide(question, literal)
        var answer = Answer()
        switch first.outcome {
        case .deny, .authenticate:
            return refused(first, first.outcome == .deny ? .rule : .credentialsMissing)
        case .allow:
            if let refusal = refusesPort(question, first.rule) { return refused(first, refusal) }
        case .lookUp:
            if first.needsOpenPort, let refusal = access.decideConnect(question.port) { return refused(first, refusal) }
        }
        let order = AddressList(literal.map { [$0] } ?? addresses).interleaved(.asResolved)
        var choice = AddressChoice()
        for position in 0..<order.count {
            let address = order[position]
            let verdict = judge(question, address, first)
            if verdict.refusal != nil {
                choice.refuse(address, verdict)
            } else if servesAlike(question, address, verdict.decision, choice) {
                choice.admit(address, verdict.decision)
            }
        }
        guard let decision = choice.decision else {
            guard let told = choice.refused, let refusal = told.refusal else { return answer }
            return refused(told.decision, refusal)
        }
        answer.dialled = (0..<choice.addresses.count).map { choice.addresses[$0] }
        answer.decision = decision
        for address in answer.dialled { answer.decisions[address] = choice.decision(for: address) }
        answer.limits = limits(question, choice.addresses[0])
        return answer
    }

    private func refused(_ decision: Decision, _ refusal: Refusal) -> Answer {
        var answer = Answer()
        answer.decision = decision
        answer.refusedBy = refusal
        answer.outcome = refusal == .rule ? RuleWords(rules, rule: decision.rule).status : refusal.status
        return answer
    }

    private mutating func judge(
        _ question: PolicyQuestion,
        _ address: IPAddress,
        _ first: Decision
    ) -> AddressVerdict {
        // The rules are asked with an address where they depend on one; else it makes no difference.
        let decision = first.outcome == .lookUp ? decide(question, address) : first
        switch decision.outcome {
        case .authenticate: return AddressVerdict(decision, .credentialsMissing)
        case .deny, .lookUp: return AddressVerdict(decision, .rule)
        case .allow: break
        }
        if let refusal = refusesPort(question, decision.rule) { return AddressVerdict(decision, refusal) }
        let refusal = access.destinations.judge(
            address,
            port: question.port,
            lifting: policy.facts(of: decision.rule).contains(.allowsPrivate),
            policy.exceptions(of: decision.rule)
        )
        return AddressVerdict(decision, refusal)
    }

    private func refusesPort(_ question: PolicyQuestion, _ rule: UInt16) -> Refusal? {
        guard question.method == "CONNECT", !policy.facts(of: rule).contains(.namesPorts) else { return nil }
        return access.decideConnect(question.port)
    }

    private mutating func servesAlike(
        _ question: PolicyQuestion,
        _ address: IPAddress,
        _ decision: Decision,
        _ choice: AddressChoice
    ) -> Bool {
        guard let first = choice.decision else { return true }
        guard policy.servesAlike(first.rule, decision.rule), first.isLimited == decision.isLimited else { return false }
        guard decision.isLimited else { return true }
        let words = Words(question)
        return policy.boundsAlike(
            query(question, choice.addresses[0]),
            address,
            method: words.method.span,
            host: words.host.span,
            path: words.path.span,
            scratch: &scratch
        )
    }

    private struct Words {
        let method: [UInt8]
        let host: [UInt8]
        let path: [UInt8]
        init(_ question: PolicyQuestion) {
            (method, host, path) = (Array(question.method.utf8), Array(question.host.utf8), Array(question.path.utf8))
        }
    }

    private mutating func decide(_ question: PolicyQuestion, _ address: IPAddress?) -> Decision {
        let words = Words(question)
        return policy.decide(
            query(question, address),
            method: words.method.span,
            host: words.host.span,
            path: words.path.span,
            scratch: &scratch
        )
    }

    private mutating func limits(_ question: PolicyQuestion, _ address: IPAddress) -> [Int] {
        let words = Words(question)
        var found: [Int] = []
        policy.limits(
            query(question, address),
            method: words.method.span,
            host: words.host.span,
            path: words.path.span,
            scratch: &scratch
        ) { found.append($0) }
        return found
    }

    private func query(_ question: PolicyQuestion, _ address: IPAddress?) -> PolicyQuery {
        var who = PolicyQuery.Who.unknown
        if case .named(let name) = question.user { who = policy.userIndex(name) }
        return PolicyQuery(
            client: question.client,
            who: who,
            method: question.method == "CONNECT" ? .connect : .get,
            port: question.port,
            address: address
        )
    }
}
