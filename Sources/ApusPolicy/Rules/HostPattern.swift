public import ApusWire

/// Which hosts a rule speaks of: one entry of `to`.
public enum HostPattern: Sendable, Hashable {
    /// `all`: every host.
    case any
    /// `example.org`: this name alone, in lower case without a trailing dot.
    case name(String)
    /// `*.example.org`: every name under it, not the name itself; the text is `example.org`.
    case under(String)
    /// `10.0.0.0/8`, `192.0.2.1`: a host that is such an address, or a name one of whose addresses is about to be dialled.
    case network(CIDR)
    /// `list:ads`: every host of a list, by the list's own kinds of entry.
    case list(String)
}

extension HostPattern {
    /// Whether a name is in the one form that rules see: in lower case without a trailing dot.
    package var isValid: Bool {
        switch self {
        case .any, .network, .list: true
        case .name(let name): IPAddress(name) != nil || HostPattern.isHost(name)
        case .under(let name): HostPattern.isHost(name)
        }
    }

    private static func isHost(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard bytes.last != Ascii.dot, !bytes.contains(where: { $0 != HostName.lowercased($0) }) else { return false }
        return HostName.check(bytes.span, 0..<bytes.count) == nil
    }
}

extension HostPattern: CustomStringConvertible {
    /// As it is written in a policy file.
    public var description: String {
        switch self {
        case .any: "all"
        case .name(let name): name
        case .under(let name): "*.\(name)"
        case .network(let block): block.description
        case .list(let name): "list:\(name)"
        }
    }
}
