package import ApusAdvice
package import ApusPolicy
internal import ApusWire

extension ProxyConfiguration {
    /// Tells in a report by which way the request goes, and what its parent is given; a name that may go to none is refused.
    ///
    /// - Parameter guarding: judges names that go to a parent.
    package func tellRoute(_ report: inout ExplanationReport, _ guarding: DestinationGuard) {
        report.routes = routes
        guard let route = report.route, IPAddress(report.question.host) == nil else { return }
        let named = route.route.parents.compactMap { name in parents.first { $0.name == name } }
            .filter { connectsByName($0) }
        guard let parent = named.first else { return }
        let name = Array(report.question.host.utf8)
        let permission = report.permission
        if let refusal = guarding.judge(
            name: name.span,
            lifting: permission.allowsPrivate,
            permission.exceptions
        ) {
            report.nameRefusal = refusal
        } else {
            report.notes.append(
                "\(parent.name) is given the name and looks it up itself: of its addresses those are judged that a look-up here finds"
            )
        }
    }
}
