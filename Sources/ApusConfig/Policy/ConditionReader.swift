internal import Apus
internal import ApusPolicy
internal import ApusWire

/// Reads the parts of a rule that say when it matches.
struct ConditionReader {
    static let keys = ["from", "user", "method", "scheme", "to", "ports", "path", "time", "listener", "not"]

    /// What people call these parts elsewhere.
    static let synonyms = [
        "host": "to", "hosts": "to", "domain": "to", "domains": "to", "destination": "to", "dst": "to", "url": "to",
        "src": "from", "source": "from", "client": "from", "clients": "from", "ip": "from", "network": "from",
        "group": "user: group:NAME", "groups": "user: group:NAME", "methods": "method", "protocol": "scheme",
        "times": "time", "when": "time", "unless": "not", "except": "not",
    ]

    let names: PolicyReader.Names

    /// Reads one key with its value; false for a key that is none of its own.
    func read(_ entry: SettingsNode.Entry, into condition: inout Condition, _ findings: inout Findings) -> Bool {
        let node = entry.value
        switch entry.key {
        case "from":
            condition.from = findings.values(node, "from", expected: "networks, as 10.0.0.0/8", Self.network)
        case "user": condition.users = users(node, &findings)
        case "method":
            condition.methods = findings.values(node, "method", expected: "methods, as GET", Self.method)
        case "scheme": condition.schemes = schemes(node, &findings)
        case "to": condition.hosts = hosts(node, &findings)
        case "ports":
            condition.ports = findings.values(node, "ports", expected: "ports, as 443 or 8000-8100", PortRange.parse)
        case "path":
            condition.paths = findings.values(
                node,
                "path",
                expected: "what a path begins with, as /public/",
                byCommas: false,
                Self.path
            )
        case "time":
            condition.times = findings.values(
                node,
                "time",
                expected: "hours of days, as Mon-Fri 08:00-18:00 Europe/Berlin",
                byCommas: false,
                { (text) throws(ValueFault) in try ZonedWindow.parse(text) }
            )
        case "listener":
            condition.listeners = findings.values(
                node,
                "listener",
                expected: "addresses or names of listen",
                Self.listener
            )
        case "not": condition.exceptions = exceptions(node, &findings)
        default: return false
        }
        return true
    }

    private static func network(_ text: String) throws(ValueFault) -> CIDR {
        if NetworkText.everything.contains(text) {
            throw ValueFault("\"\(text)\" is no network; leave from out: then every client matches")
        }
        return try NetworkText.parse(text)
    }

    private static func method(_ text: String) throws(ValueFault) -> String {
        let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]
        let token = try PlainText.token(text)
        let upper = text.uppercased()
        if text != upper, known.contains(upper) {
            throw ValueFault("\"\(text)\": methods are written in capitals, \(upper)")
        }
        return token
    }

    private static func path(_ text: String) throws(ValueFault) -> String {
        guard text.hasPrefix("/") else { throw ValueFault("\"\(text)\" is no path; it begins with /, as /public/") }
        if text.contains("?") { throw ValueFault("\"\(text)\" has a query; rules see the path in front of it alone") }
        if text.contains("*") {
            let begin = text.prefix { $0 != "*" }
            throw ValueFault("\"\(text)\" has a *; a path matches all that begins with it: write \(begin)")
        }
        guard text.utf8.allSatisfy({ 0x21...0x7e ~= $0 }), !text.contains("#") else {
            throw ValueFault("\"\(text)\" has a character that a path has in percent-encoding alone")
        }
        return text
    }

    private static func listener(_ text: String) throws(ValueFault) -> String {
        if ListenerOptions.isName(text) { return text }
        do { return try ListenAddress(parsing: text).description } catch {
            throw ValueFault("\"\(text)\": \(error)")
        }
    }

    private func schemes(_ node: SettingsNode, _ findings: inout Findings) -> [Scheme] {
        var schemes: [Scheme] = []
        for item in findings.items(node, "scheme", expected: "http or https") {
            if let scheme: Scheme = findings.choice(SettingsNode(.scalar(item.text), item.place), "scheme") {
                schemes.append(scheme)
            }
        }
        warnOfOldWord(schemes, node, &findings)
        return schemes
    }

    /// `https` was the word for tunnels when scheme and method were one fact; it goes on to take them.
    private func warnOfOldWord(_ schemes: [Scheme], _ node: SettingsNode, _ findings: inout Findings) {
        guard schemes.contains(.https) else { return }
        let advice =
            schemes.contains(.http)
            ? "leave scheme out: with http it takes every request" : "write method: CONNECT in its place"
        findings.warn(node.place, "scheme: https is the old word for tunnels, which it still takes; \(advice)")
    }

    private func users(_ node: SettingsNode, _ findings: inout Findings) -> [UserPattern] {
        var users: [UserPattern] = []
        for item in findings.items(node, "user", expected: "users, as anna, group:ops or all") {
            do {
                let pattern = try UserPatternText.parse(item.text)
                if case .group(let name) = pattern, !names.takesGroups {
                    check(name, item, "group", names.groups, &findings)
                }
                users.append(pattern)
            } catch { findings.fault(item.place, "user: \(error.message)") }
        }
        return users
    }

    private func hosts(_ node: SettingsNode, _ findings: inout Findings) -> [HostPattern] {
        var hosts: [HostPattern] = []
        for item in findings.items(node, "to", expected: "hosts, as example.org, \"*.example.org\" or all") {
            do {
                let pattern = try HostPatternText.parse(item.text)
                if case .list(let name) = pattern { check(name, item, "list", names.lists, &findings) }
                hosts.append(pattern)
            } catch { findings.fault(item.place, "to: \(error.message)") }
        }
        return hosts
    }

    /// Whether there is a list or a group of that name.
    private func check(_ name: String, _ item: ListItem, _ kind: String, _ known: [String], _ findings: inout Findings)
    {
        if known.contains(name) { return }
        let nearest = NearestName.of(name, among: known).map { "; did you mean \(kind):\($0)?" }
        findings.fault(
            item.place,
            "\(kind):\(name) is not there\(nearest ?? "; \(kind)s: says which \(kind)s there are")"
        )
    }

    private func exceptions(_ node: SettingsNode, _ findings: inout Findings) -> [Condition] {
        let nodes: [SettingsNode]
        if case .list(let list) = node.content { nodes = list } else { nodes = [node] }
        if nodes.isEmpty { findings.fault(node.place, "not is an empty list; leave it out") }
        return nodes.compactMap { node in
            let entries = findings.entries(
                node,
                "not",
                expected: "conditions, as { to: example.org }, or a list of them"
            )
            if entries.isEmpty {
                if case .mapping = node.content { findings.fault(node.place, "not says nothing; leave it out") }
                return nil
            }
            var condition = Condition()
            for entry in entries where !read(entry, into: &condition, &findings) {
                findings.unknown(entry, in: "not", among: Self.keys, meant: Self.synonyms)
            }
            return condition
        }
    }
}
