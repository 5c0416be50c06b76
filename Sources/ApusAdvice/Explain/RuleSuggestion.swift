package import ApusFlow
package import ApusPolicy
import ApusWire

/// What to write into a settings file so that a request that was refused is served: the least that does it, and nothing else.
///
/// | refused because of | suggestion |
/// | --- | --- |
/// | a rule, or because no rule matches | a rule for this host and port, and for this user if it is known |
/// | its address, allowed by a rule | the same rule with `private` |
/// | its address, without a policy | `allow-to` with the address |
/// | the port of a tunnel | `connect-ports` with the port |
/// | who the client is | `allow-from` with its address |
///
/// There is none for what no line of a file should lift on its own: missing or wrong credentials, limits, metadata services, the own
/// listeners, what an embedder decided, and requests that were not understood.
public struct RuleSuggestion: Sendable, Hashable {
    /// Where the text belongs.
    public enum Place: Sendable, Hashable {
        /// Among `rules`, in front of the rule that refused; first is always right.
        case rules
        /// At the top of the file, in place of the setting of this name.
        case settings
    }

    /// Where the text belongs.
    public let place: Place
    /// One line of YAML without a line break: `- allow: { to: example.org, ports: 443 }`.
    public let text: String

    /// The suggestion for a request; nil if it was not refused, or nothing is to be suggested.
    ///
    /// - Parameter access: the settings in force: a suggested setting keeps what is allowed already.
    package init?(_ record: AccessRecord, access: AccessRules = AccessRules()) {
        guard let fault = record.fault,
            let refusal = Refusal.allCases.first(where: { $0.metricLabel.description == fault })
        else { return nil }
        let suggestion: (Place, String)?
        switch refusal {
        case .rule: suggestion = Self.rule(record).map { (.rules, $0) }
        case .connectPort: suggestion = Self.connectPorts(record.port, access).map { (.settings, $0) }
        case .clientNotAllowed:
            suggestion = Self.setting("allow-from", access.allowFrom, record.clientAddress).map { (.settings, $0) }
        case _ where refusal.addressClass != nil: suggestion = Self.opening(record, refusal, access)
        default: suggestion = nil
        }
        guard let suggestion else { return nil }
        (place, text) = suggestion
    }

    /// `- allow: { user: anna, to: example.org, ports: 443 }`; nil where no rule can name host or user.
    private static func rule(_ record: AccessRecord, _ more: String? = nil) -> String? {
        guard let host = host(record.host), record.port > 0 else { return nil }
        var parts: [String] = []
        if let user = record.user {
            // Such a name would be read as everybody, or as a group.
            guard !user.isEmpty, user != "all", !user.utf8.contains(Ascii.colon) else { return nil }
            parts.append("user: \(RuleYAML.scalar(user))")
        }
        if record.kind != .tunnel { parts.append("scheme: http") }
        parts += ["to: \(RuleYAML.scalar(host))", "ports: \(record.port)"]
        if let more { parts.append(more) }
        return "- allow: { \(parts.joined(separator: ", ")) }"
    }

    /// The host as a rule may name it.
    private static func host(_ host: String) -> String? {
        if let address = IPAddress(host) { return address.description }
        let bytes = Array(host.utf8)
        // `all` would be read as every host.
        guard host != "all", HostName.check(bytes.span, 0..<bytes.count) == nil else { return nil }
        return host
    }

    /// The guard opened for this address, by the rule that allowed the request or, without a policy, by the setting.
    private static func opening(
        _ record: AccessRecord,
        _ refusal: Refusal,
        _ access: AccessRules
    ) -> (Place, String)? {
        let address = IPAddress(record.host) ?? record.upstreamAddress
        // The record may be of a time when the guard did not know it as one.
        if let address, MetadataService.contains(address.unwrapped) { return nil }
        if record.rule == nil {
            guard let address else { return nil }
            let text = setting("allow-to", access.destinations.exceptions, address.description)
            return text.map { (.settings, $0) }
        }
        if let address {
            let opened = "private: [\(RuleYAML.scalar(address.description))]"
            return rule(record, opened).map { (.rules, $0) }
        }
        guard refusal.addressClass?.isPrivate == true else { return nil }
        return rule(record, "private: true").map { (.rules, $0) }
    }

    private static func connectPorts(_ port: UInt16, _ access: AccessRules) -> String? {
        guard port > 0, !access.connectPorts.contains(port) else { return nil }
        let known = access.connectPorts.description.split(separator: ",").compactMap { UInt16($0) }
        return "connect-ports: [\((known + [port]).map(String.init).joined(separator: ", "))]"
    }

    private static func setting(_ name: String, _ known: [CIDR], _ address: String) -> String? {
        guard let address = IPAddress(address)?.unmapped else { return nil }
        let entries = known.map(\.description) + [address.description]
        return "\(name): [\(entries.map(RuleYAML.scalar).joined(separator: ", "))]"
    }
}
