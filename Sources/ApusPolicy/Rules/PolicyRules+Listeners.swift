extension PolicyRules {
    /// The same rules, in which listeners that have a name are spoken of by it: a rule may say either, and means the same by both.
    ///
    /// - Parameter names: by address, as it is written in `listen`.
    package func naming(listeners names: [String: String]) -> PolicyRules {
        if names.isEmpty { return self }
        var copy = self
        for index in copy.rules.indices { copy.rules[index].condition.name(listeners: names) }
        return copy
    }
}

extension Condition {
    fileprivate mutating func name(listeners names: [String: String]) {
        for index in listeners.indices { listeners[index] = names[listeners[index]] ?? listeners[index] }
        for index in exceptions.indices { exceptions[index].name(listeners: names) }
    }
}
