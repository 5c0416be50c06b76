internal import ApusPolicy

/// Rules that name a user, or a group, that nobody is: what they allow nobody gets, what they deny everybody does.
///
/// Whom signed tokens name is not known here, so that nothing is said where they are taken.
func userWarnings(_ policy: PolicySettings) -> [FileFault] {
    guard policy.hasCredentials, policy.jwt == nil else { return [] }
    let known = policy.userFile.users
    var warnings: [FileFault] = []
    for rule in policy.rules.rules {
        for pattern in ([rule.condition] + rule.condition.exceptions).flatMap(\.users) {
            switch pattern {
            case .anyone: break
            case .user(let name):
                if known.contains(name) { continue }
                let everybody = [
                    "any", "anyone", "anybody", "everyone", "everybody", "*", "authenticated", "valid-user",
                ]
                let meant = everybody.contains(name) ? "all" : NearestName.of(name, among: known.sorted())
                let nearest = meant.map { "; did you mean \($0)?" } ?? ""
                let message = "this rule names the user \(name), and there is none of that name\(nearest)"
                warnings.append(FileFault(rule.position, message))
            case .group(let name):
                guard let members = policy.rules.groups[name], known.isDisjoint(with: members) else { continue }
                let list = members.joined(separator: ", ")
                let message = "this rule names the group \(name), and none of it is a user: \(list)"
                warnings.append(FileFault(rule.position, message))
            }
        }
    }
    return warnings
}
