public import ApusPolicy
public import ApusWire

extension PolicyRules {
    /// Whether a client may come to a listener that is not loopback because an allow rule could serve it: as ``CompiledPolicy``
    /// answers, read rule by rule.
    public func mayAdmit(_ client: IPAddress) -> Bool {
        rules.contains { rule in
            guard rule.admits else { return false }
            let condition = rule.condition
            return condition.from.isEmpty ? !condition.users.isEmpty : condition.from.contains { $0.contains(client) }
        }
    }

    /// Whether there is a client that ``mayAdmit(_:)`` lets in.
    public var mayAdmitAnybody: Bool {
        rules.contains { $0.admits && !($0.condition.from.isEmpty && $0.condition.users.isEmpty) }
    }

    /// Whether anything is allowed to who comes to a listener.
    ///
    /// - Parameters:
    ///   - listener: as it is written in `listen`.
    ///   - knowsUsers: whether anybody can show credentials.
    public func mayServe(listener: String, knowsUsers: Bool) -> Bool {
        if rules.isEmpty || isReportOnly { return true }
        return rules.contains { rule in
            let condition = rule.condition
            return rule.admits && (condition.listeners.isEmpty || condition.listeners.contains(listener))
                && (knowsUsers || condition.users.isEmpty)
        }
    }
}

extension Rule {
    fileprivate var admits: Bool {
        if case .allow = action { !isReportOnly } else { false }
    }
}
