internal import Apus
internal import ApusPolicy

/// A route as it is written: `office`, or several names in a list, and `balance` beside it.
enum RouteText {
    static let expected = "names of parents, as office, or direct"

    /// What other programs call a balance.
    static let meant = [
        "failover": "in-order", "fail-over": "in-order", "order": "in-order", "uri": "hash", "source": "hash",
    ]

    /// The entries of a mapping that say it, each as `key: value`.
    static func parts(_ route: NamedRoute) -> [String] {
        let hops = route.hops.count == 1 ? YAMLText.scalar(route.hops[0]) : YAMLText.list(route.hops)
        let balance = route.balance == .inOrder ? [] : ["balance: \(route.balance.rawValue)"]
        return ["route: \(hops)"] + balance
    }

    /// Reads one name; whether there is such a parent is for others to say.
    static func hop(_ text: String) throws(ValueFault) -> String {
        if text.contains("://") {
            throw ValueFault(
                "a route names parents, and no URL; write parents: { office: { url: … } } and route: office",
                saysWhatToWrite: true
            )
        }
        if text == NamedRoute.directName { return text }
        if let words = ParentSettings.whyNoName(text) { throw ValueFault(words) }
        return text
    }

    /// A fault of a route in words, with the name that may have been meant.
    static func words(_ fault: RouteFault) -> String {
        guard case .unknownParent(let name, let known) = fault else { return fault.description }
        let nearest = NearestName.of(name, among: known + [NamedRoute.directName])
        return fault.description + (nearest.map { "; did you mean \($0)?" } ?? "")
    }
}
