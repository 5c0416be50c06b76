internal import Apus
internal import ApusPolicy

/// Rules that go by a way that is none, and parents that leave out hosts of a list that is not there: judged by the settings in effect, flags
/// and variables included.
func routeFaults(_ settings: ParsedSettings) -> [(place: SourcePosition?, key: String, message: String)] {
    var faults: [(place: SourcePosition?, key: String, message: String)] = []
    let routes = settings.configuration.routes
    for rule in settings.policy.rules.rules {
        guard let route = rule.action.route else { continue }
        for fault in routes.faults(of: route) {
            faults.append((rule.position, "route", RouteText.words(fault)))
        }
    }
    let lists = settings.policy.lists.map(\.name)
    for parent in settings.configuration.parents {
        for case .list(let name) in parent.bypass where !lists.contains(name) {
            let known = lists.isEmpty ? "there is none" : "there is \(lists.joined(separator: ", "))"
            faults.append((nil, "parents.\(parent.name)", "bypass: there is no list \(name); under lists \(known)"))
        }
    }
    return faults
}
