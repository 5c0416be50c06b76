internal import Apus

/// Rules that speak of a listener that is not there: nothing would ever come by it.
func listenerWarnings(_ rules: PolicyRules, _ configuration: ProxyConfiguration) -> [FileFault] {
    let known = configuration.listenerNames
    let rules = rules.naming(listeners: configuration.namesByAddress)
    return rules.rules.flatMap { rule in
        let conditions = [rule.condition] + rule.condition.exceptions
        return Set(conditions.flatMap(\.listeners)).subtracting(known).sorted().map { name in
            let nearest = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            return FileFault(
                rule.position,
                "this rule speaks of the listener \(name); listen has \(known.joined(separator: ", "))\(nearest)"
            )
        }
    }
}

/// What the settings together deserve a word for: listeners on which nobody is served, and those on which more is than one may think.
///
/// - Parameter place: where `listen` stands, or the file; nil where there is none.
func accessWarnings(_ settings: ParsedSettings, at place: SourcePosition?) -> [FileFault] {
    let configuration = settings.configuration
    let open = configuration.listeners.filter { !configuration.isLoopback($0) }
    let rules = settings.policy.rules.naming(listeners: configuration.namesByAddress)
    let knowsUsers = settings.policy.hasCredentials
    let comes = !settings.configuration.allowFrom.isEmpty || rules.mayAdmitAnybody || settings.requiresCredentials
    var lines: [String] = []
    for listener in open {
        if !comes {
            lines.append(
                "others can connect to \(listener), but nobody is served there until --allow-from names a network, or an allow "
                    + "rule names from or user"
            )
        } else if !rules.mayServe(listener: configuration.name(of: listener), knowsUsers: knowsUsers) {
            lines.append("others can connect to \(listener), but nobody is served there: no rule allows anything on it")
        }
    }
    lines += settings.configuration.warnings(admitsOthers: true)
    return lines.map { FileFault(place ?? SourcePosition(), $0) }
}
