internal import ApusPolicy

/// A route as it is written: `office`, or several names in a list, and `balance` beside it.
enum RouteText {
    /// The entries of a mapping that say it, each as `key: value`.
    static func parts(_ route: NamedRoute) -> [String] {
        let hops = route.hops.count == 1 ? YAMLText.scalar(route.hops[0]) : YAMLText.list(route.hops)
        let balance = route.balance == .inOrder ? [] : ["balance: \(route.balance.rawValue)"]
        return ["route: \(hops)"] + balance
    }
}
