internal import ApusPolicy
internal import ApusWire

/// Reads how an allowed request is served.
enum PermissionReader {
    /// Reads one of the keys of `allow`.
    static func read(_ entry: SettingsNode.Entry, into permission: inout Permission, _ findings: inout Findings) {
        switch entry.key {
        case "private": readPrivate(entry.value, into: &permission, &findings)
        case "request-headers": permission.requestFields = edits(entry.value, entry.key, &findings)
        case "response-headers": permission.responseFields = edits(entry.value, entry.key, &findings)
        case "timeouts": permission.timeouts = timeouts(entry.value, &findings)
        case "tls": permission.tls = findings.choice(entry.value, "tls")
        case "route":
            let hops = findings.values(entry.value, "route", expected: RouteText.expected, RouteText.hop)
            permission.route = NamedRoute(hops, balance: permission.route?.balance ?? .inOrder)
        default:
            let balance: RouteBalance? = findings.choice(entry.value, "balance", meant: RouteText.meant)
            permission.route = NamedRoute(permission.route?.hops ?? [], balance: balance ?? .inOrder)
        }
    }

    /// `true`, or networks.
    private static func readPrivate(
        _ node: SettingsNode,
        into permission: inout Permission,
        _ findings: inout Findings
    ) {
        if let text = node.text, let isOn = try? Switch.parse(text) {
            permission.allowsPrivate = isOn
            return
        }
        permission.exceptions = findings.values(
            node,
            "private",
            expected: "true, or networks such as [10.1.0.0/16]",
            NetworkText.parse
        )
    }

    private static func timeouts(_ node: SettingsNode, _ findings: inout Findings) -> RuleTimeouts {
        var timeouts = RuleTimeouts()
        let expected = "first-byte: 5m and response-body: 2m"
        let entries = findings.entries(node, "timeouts", expected: expected)
        if entries.isEmpty, case .mapping = node.content {
            findings.fault(node.place, "timeouts says nothing; it takes \(expected)")
        }
        for entry in entries {
            switch entry.key {
            case "first-byte":
                timeouts.firstByte = findings.value(entry.value, "first-byte", expected: "a time, as 5m", time)
            case "response-body":
                timeouts.responseBody = findings.value(entry.value, "response-body", expected: "a time, as 2m", time)
            case let key where Settings.named(key: "timeouts.\(key)") != nil:
                findings.fault(
                    entry.place,
                    "no rule sets \(key): it is for all, by the setting timeouts.\(key); a rule takes first-byte and response-body"
                )
            default: findings.unknown(entry, in: "timeouts", among: ["first-byte", "response-body"])
            }
        }
        return timeouts
    }

    private static func time(_ text: String) throws(ValueFault) -> Duration {
        let time = try TimeSpan.parse(text)
        guard RuleTimeouts.range.contains(time) else {
            throw ValueFault("\"\(text)\" is out of range; it takes \(RuleTimeouts.rangeText)")
        }
        return time
    }

    private static func edits(_ node: SettingsNode, _ key: String, _ findings: inout Findings) -> FieldEdits {
        var edits = FieldEdits()
        let entries = findings.entries(node, key, expected: "set: { Name: value } and drop: [Name]")
        if entries.isEmpty, case .mapping = node.content {
            findings.fault(node.place, "\(key) says nothing; it takes set: { Name: value } and drop: [Name]")
        }
        for entry in entries {
            switch entry.key {
            case "drop":
                edits.drop = findings.values(entry.value, "drop", expected: "names of fields, as [Cookie]", fieldName)
            case "set": edits.set = fields(entry.value, &findings)
            default: findings.unknown(entry, in: key, among: ["set", "drop"])
            }
        }
        return edits
    }

    private static func fields(_ node: SettingsNode, _ findings: inout Findings) -> [FieldEdits.Field] {
        var fields: [FieldEdits.Field] = []
        for entry in findings.entries(node, "set", expected: "fields, as { X-Team: ci }") {
            guard let name = findings.value(entry.place, entry.key, of: "set", fieldName) else { continue }
            if fields.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                findings.fault(entry.place, "\(name) is set twice; the case of a field's name does not matter")
                continue
            }
            let value = findings.value(entry.value, name, expected: "the field's value, as a text", fieldValue)
            if let value { fields.append(.init(name: name, value: value)) }
        }
        return fields
    }

    /// Fields that say how the message is framed or where it goes, or belong to one connection (RFC 9110 §7.6.1): Apus's own.
    private static let own = [
        "connection", "content-length", "host", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection",
        "proxy-status", "te", "trailer", "transfer-encoding", "upgrade", "via",
    ]

    private static func fieldName(_ text: String) throws(ValueFault) -> String {
        let name = try PlainText.token(text)
        if own.contains(name.lowercased()) {
            throw ValueFault("\(name) is written by Apus itself, and no rule changes it")
        }
        return name
    }

    /// RFC 9110 §5.5, without what would have to be trimmed.
    private static func fieldValue(_ text: String) throws(ValueFault) -> String {
        guard text.utf8.allSatisfy({ 0x20...0x7e ~= $0 }) else {
            throw ValueFault("a field's value has printable ASCII alone")
        }
        if text.hasPrefix(" ") || text.hasSuffix(" ") { throw ValueFault("a field's value has no spaces at its ends") }
        guard text.utf8.count <= 4096 else { throw ValueFault("the value is longer than 4096 bytes") }
        return text
    }
}
