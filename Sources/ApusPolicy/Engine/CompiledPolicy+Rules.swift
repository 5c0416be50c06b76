public import ApusWire

extension CompiledPolicy {
    /// What a rule says, by the index of a ``Decision``; nothing for ``Decision/noRule``.
    public func facts(of rule: UInt16) -> RuleFlags {
        index.facts(rule)
    }

    /// The rule as it was written; nil for ``Decision/noRule``.
    public func rule(_ rule: UInt16) -> Rule? {
        Int(rule) < index.rules.rules.count ? index.rules.rules[Int(rule)] : nil
    }

    /// How the rule serves what it allows; nil if it does not allow.
    public func permission(of rule: UInt16) -> Permission? {
        guard Int(rule) < index.rules.rules.count, case .allow(let permission) = index.rules.rules[Int(rule)].action
        else {
            return nil
        }
        return permission
    }

    /// The blocks that the rule opens, whatever they are: ``Permission/exceptions``; none for a rule that does not allow.
    public func exceptions(of rule: UInt16) -> [CIDR] {
        Int(rule) < index.exceptions.count ? index.exceptions[Int(rule)] : []
    }

    /// How the rule tells a refusal; nil if it does not deny.
    public func rejection(of rule: UInt16) -> Rejection? {
        guard Int(rule) < index.rules.rules.count, case .deny(let rejection) = index.rules.rules[Int(rule)].action
        else {
            return nil
        }
        return rejection
    }

    /// What the rule bounds; nil if it bounds nothing.
    public func limit(of rule: UInt16) -> UsageLimit? {
        Int(rule) < index.rules.rules.count ? index.rules.rules[Int(rule)].action.limit : nil
    }

    /// Whether the rule lets an address through that the guard refuses for being of this class: by `private: true`, or by one
    /// of its blocks. Metadata services and own listeners are the guard's to know: see ``DestinationGuard``.
    public func opens(_ address: IPAddress, rule: UInt16) -> Bool {
        let facts = facts(of: rule)
        guard !facts.isDisjoint(with: [.allowsPrivate, .hasExceptions]) else { return false }
        if facts.contains(.allowsPrivate) && AddressClass.of(address).isPrivate { return true }
        guard case .allow(let permission) = index.rules.rules[Int(rule)].action else { return false }
        return permission.exceptions.contains { $0.contains(address) }
    }
}
