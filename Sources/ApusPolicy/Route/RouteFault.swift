/// Why a route is none.
public enum RouteFault: Error, Sendable, Hashable {
    /// It names nothing.
    case empty
    /// A parent that is not there; beside it those that are.
    case unknownParent(String, known: [String])
    /// More hops than there may be.
    case tooManyHops(Int)
    /// A hop that is named twice.
    case repeated(String)
    /// A balance without two parents.
    case nothingToBalance
    /// The direct way in front of a parent that is to have its share.
    case directInBalance
}

extension RouteFault: CustomStringConvertible {
    /// What is wrong, in a few words.
    public var message: String {
        switch self {
        case .empty: "the route names no way"
        case .unknownParent(let name, _): "there is no parent “\(name)” to go through"
        case .tooManyHops(let count): "\(count) hops are too many"
        case .repeated(let name): "the route names \(name) twice"
        case .nothingToBalance: "balance: hash has nothing to share out"
        case .directInBalance: "direct has no share of balance: hash"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch self {
        case .empty: "write the name of a parent, or direct"
        case .unknownParent(_, let known):
            known.isEmpty
                ? "name it under `parents`, or write direct"
                : "a route takes direct and the names under `parents`: \(PolicyFault.shortened(known))"
        case .tooManyHops: "\(RoutePlan.mostHops) are the most"
        case .repeated: "each is tried once"
        case .nothingToBalance: "name two parents, or leave balance out"
        case .directInBalance: "write it last: it is for when no parent can be had"
        }
    }

    /// Both, as half a sentence.
    public var description: String { "\(message); \(hint)" }
}
