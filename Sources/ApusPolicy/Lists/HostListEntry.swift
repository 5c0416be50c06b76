/// One entry of a list of hosts.
public struct HostListEntry: Sendable, Hashable {
    /// Which names an entry speaks of.
    public enum Scope: Sendable, Hashable, CaseIterable {
        /// The name alone.
        case name
        /// Every name under it, not the name itself.
        case under
        /// The name and every name under it.
        case nameAndUnder
    }

    /// The name, without a wildcard.
    public var name: String
    /// Which names it speaks of.
    public var scope: Scope
    /// Whether it takes hosts out of the list again.
    public var isException: Bool

    /// Makes an entry.
    public init(_ name: String, _ scope: Scope = .nameAndUnder, isException: Bool = false) {
        self.name = name
        self.scope = scope
        self.isException = isException
    }

    var marks: NameTable.Marks { scope.marks(isException: isException) }
}

extension HostListEntry.Scope {
    func marks(isException: Bool) -> NameTable.Marks {
        switch self {
        case .name: isException ? .exceptName : .name
        case .under: isException ? .exceptUnder : .under
        case .nameAndUnder: isException ? [.exceptName, .exceptUnder] : [.name, .under]
        }
    }
}

extension HostListEntry: CustomStringConvertible {
    /// As people write it: `example.org`, `*.example.org`, both joined by `and`; an exception begins with `except`.
    public var description: String {
        let names =
            switch scope {
            case .name: name
            case .under: "*.\(name)"
            case .nameAndUnder: "\(name) and *.\(name)"
            }
        return isException ? "except \(names)" : names
    }
}
