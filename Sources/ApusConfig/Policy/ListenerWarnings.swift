internal import Apus
internal import ApusPolicy

/// Rules that speak of a listener that is not there: nothing would ever come by it.
func listenerWarnings(_ rules: PolicyRules, _ configuration: ProxyConfiguration) -> [FileFault] {
    let known = configuration.listeners.map(\.description)
    return rules.rules.flatMap { rule in
        let conditions = [rule.condition] + rule.condition.exceptions
        return Set(conditions.flatMap(\.listeners)).subtracting(known).sorted().map { name in
            FileFault(
                rule.position,
                "this rule speaks of the listener \(name); listen has \(known.joined(separator: ", "))"
            )
        }
    }
}
