/// A route as it is written: `route: office`, `route: [first, second, direct]`, with `balance: hash` beside it or not.
public struct NamedRoute: Sendable, Hashable {
    /// What stands for the direct way among names of parents.
    public static let directName = "direct"

    /// The names of parents, or `direct` for the host itself, in the order in which they are tried.
    public var hops: [String]
    /// How they share what goes by them.
    public var balance: RouteBalance

    /// Makes a route.
    public init(_ hops: [String], balance: RouteBalance = .inOrder) {
        self.hops = hops
        self.balance = balance
    }

    /// The direct way alone.
    public static let direct = NamedRoute([directName])

    /// The parents that it names, in order.
    public var parents: [String] { hops.filter { $0 != NamedRoute.directName } }
}

extension NamedRoute: CustomStringConvertible {
    /// `office`, `first, second, direct`, `first, second by hash`.
    public var description: String {
        hops.joined(separator: ", ") + (balance == .inOrder ? "" : " by \(balance.rawValue)")
    }
}
