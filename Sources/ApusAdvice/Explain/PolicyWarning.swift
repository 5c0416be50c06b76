public import ApusPolicy

/// Something in a policy that is no fault, but hardly what was meant.
public struct PolicyWarning: Sendable, Hashable {
    /// What it is. More may come: do not switch over it exhaustively.
    public enum Kind: Sendable, Hashable {
        /// A rule that never matches, because one in front of it matches all that it would.
        case shadowed(by: String)
        /// A rule of which one in front of it leaves nothing but odd spellings of paths and methods.
        case shadowedButForSpellings(by: String)
        /// A prefix of paths that is a scope, as `/@team`, without a slash behind it.
        case openScope(String)
        /// A rule that allows behind one that denies everything.
        case behindDenyAll(String)
        /// A rule that allows without asking who it is, behind one that asks whoever could come to it: without credentials it is never
        /// reached.
        case behindAsking(String)
        /// A rule with a path for what can only be a tunnel, which shows none.
        case pathOfTunnel
        /// A rule with times for what can only be a tunnel, which has none of them.
        case timeoutsOfTunnel
        /// A rule that says what its tunnels may hold, and has none: by path, method or scheme.
        case tlsWithoutTunnel
        /// A rule that opens its tunnels to any protocol, and changes fields, which wants TLS.
        case tlsWithEdits
        /// A rule for a port on which TLS does not begin, that does not say what its tunnels may hold.
        case plainPort(UInt16)
        /// A rule that allows and only reports: it does nothing.
        case idleReport
        /// A limit without a bound.
        case boundless
        /// A list that no rule names.
        case unusedList(String)
        /// A group without users.
        case emptyGroup(String)
        /// Rules, but none that allows: everything is denied.
        case nothingAllowed
    }

    /// What it is.
    public var kind: Kind
    /// The rule's name or place in words; empty where it is about no rule.
    public var label: String
    /// Where the rule stands, if it is about one.
    public var position: SourcePosition
    /// Where the other rule stands, if there is one.
    public var other: SourcePosition?
}

extension PolicyWarning: CustomStringConvertible {
    /// `apus.yaml:12:5: rule 3 never matches: rule 1 (apus.yaml:8:5) matches all that it would`.
    public var description: String {
        let place = position == SourcePosition() && label.isEmpty ? "" : "\(position): "
        return place + message
    }

    /// The sentence without the place.
    public var message: String {
        let other = other.map { " (\($0))" } ?? ""
        return switch kind {
        case .shadowed(let by): "\(label) never matches: \(by)\(other) matches all that it would"
        case .shadowedButForSpellings(let by):
            "\(label) matches odd spellings of paths and methods alone: \(by)\(other) matches all else that it would"
        case .openScope(let prefix):
            "\(label) allows more than the scope: `path: \(prefix)` is also the beginning of \(prefix)-other/; "
                + "write \(prefix)%2f, which takes \(prefix)/ too"
        case .behindDenyAll(let by): "\(label) allows nothing: \(by)\(other) in front of it denies everything"
        case .behindAsking(let by):
            "\(label) needs no user, and is reached by users alone: \(by)\(other) in front of it asks everybody for credentials "
                + "(407); put it in front of that, or write `user: all` in it"
        case .pathOfTunnel:
            "\(label) compares a path with what can only be a tunnel, which shows none: leave out the path, or speak of "
                + "`scheme: http` and its ports"
        case .timeoutsOfTunnel:
            "\(label) sets timeouts for what can only be a tunnel, which has none of them: leave them out, or speak of "
                + "`scheme: http` and its ports; `timeouts.tunnel-idle` is the setting for tunnels"
        case .tlsWithoutTunnel: "\(label) has no tunnels, so that `tls` says nothing: it takes plain requests alone"
        case .tlsWithEdits:
            "\(label) changes fields of plain requests, and so its tunnels have to be TLS in spite of `tls: any`: give tunnels a "
                + "rule of their own in front of it, with `method: CONNECT`, or leave out the changes"
        case .plainPort(let port):
            "\(label) opens port \(port), on which connections hardly begin with TLS, and its tunnels have to: write `tls: any` in "
                + "it for other protocols, `tls: required` if TLS is meant, `scheme: http` if plain requests alone are"
        case .idleReport:
            "\(label) does nothing: it allows, and with `mode: report` a rule only records what it would deny"
        case .boundless: "\(label) bounds nothing: it names no requests, connections, tunnels, bandwidth or volume"
        case .unusedList(let name): "no rule names the list “\(name)”"
        case .emptyGroup(let name): "the group “\(name)” has no users"
        case .nothingAllowed: "no rule allows anything, so that everything is denied"
        }
    }
}
