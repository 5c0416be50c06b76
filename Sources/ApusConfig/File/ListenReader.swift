internal import Apus
internal import ApusPolicy
internal import ApusWire

/// Reads entries of `listen` that are mappings: `{ address: 10.0.0.5:3128, name: edge, proxy-protocol: [10.0.0.9] }`.
struct ListenReader {
    /// What was read.
    struct Listeners: Sendable {
        var addresses: [ListenAddress] = []
        var options: [ListenAddress: ListenerOptions] = [:]

        /// Puts them in place of those of a configuration.
        func lay(over configuration: inout ProxyConfiguration) {
            configuration.listeners = addresses
            configuration.listenerOptions = options
        }
    }

    static let keys = ["address", "name", "protocols", "proxy-protocol", "mode", "owner"]

    /// What people call these keys elsewhere.
    private static let synonyms = [
        "listen": "address", "bind": "address", "addr": "address", "host": "address", "port": "address",
        "path": "address: unix:/PATH", "socket": "address: unix:/PATH", "id": "name", "label": "name",
        "protocol": "protocols", "accept-proxy": "proxy-protocol", "proxy_protocol": "proxy-protocol",
        "require-proxy-header": "proxy-protocol", "proxyprotocol": "proxy-protocol", "permissions": "mode",
        "user": "owner", "group": "owner: \":GROUP\"", "uid": "owner", "gid": "owner: \":GROUP\"",
    ]

    /// Whether there is a mapping among the entries; texts alone are read like every other list.
    static func isMeant(_ node: SettingsNode) -> Bool {
        if case .list(let nodes) = node.content { return nodes.contains { isMapping($0) } }
        return isMapping(node)
    }

    private static func isMapping(_ node: SettingsNode) -> Bool {
        if case .mapping = node.content { true } else { false }
    }

    /// All entries, or nil and faults.
    static func read(_ node: SettingsNode, _ findings: inout Findings) -> Listeners? {
        let before = findings.faults.count
        var listeners = Listeners()
        let nodes: [SettingsNode]
        if case .list(let list) = node.content { nodes = list } else { nodes = [node] }
        for node in nodes { read(node, into: &listeners, &findings) }
        return findings.faults.count == before ? listeners : nil
    }

    private static func read(_ node: SettingsNode, into listeners: inout Listeners, _ findings: inout Findings) {
        guard isMapping(node) else {
            let expected = "an address, or a mapping as { address: 127.0.0.1:3128, name: inside }"
            guard let address = findings.value(node, "listen", expected: expected, address) else { return }
            listeners.addresses.append(address)
            return
        }
        var options = ListenerOptions()
        var listener: ListenAddress?
        var hasAddress = false
        for entry in findings.entries(node, "listen", expected: "a mapping") {
            if entry.key == "address" {
                hasAddress = true
                listener = findings.value(entry.value, "address", expected: "an address, as 127.0.0.1:3128", address)
            } else {
                // Who calls it otherwise has one all the same.
                hasAddress = hasAddress || synonyms[entry.key]?.hasPrefix("address") == true
                read(entry, into: &options, &findings)
            }
        }
        if !hasAddress {
            findings.fault(node.place, "listen: this entry has no address; write it as { address: 127.0.0.1:3128, … }")
        }
        guard let listener else { return }
        for problem in options.problems(on: listener) { findings.fault(node.place, "listen: \(problem)") }
        if let other = listeners.options[listener]
            ?? (listeners.addresses.contains(listener) ? ListenerOptions() : nil),
            other != options
        {
            findings.fault(node.place, "listen: \(listener) is named twice; what is said of it has to be the same")
        }
        listeners.addresses.append(listener)
        if options != ListenerOptions() { listeners.options[listener] = options }
    }

    private static func read(
        _ entry: SettingsNode.Entry,
        into options: inout ListenerOptions,
        _ findings: inout Findings
    ) {
        let node = entry.value
        switch entry.key {
        case "name": options.name = findings.value(node, "name", expected: "a name, as inside", name)
        case "protocols": options.protocols = protocols(node, &findings)
        case "proxy-protocol":
            options.proxyProtocol = findings.values(
                node,
                "proxy-protocol",
                expected: "the networks of those who announce clients, as 10.0.0.9",
                network
            )
        case "mode": options.mode = findings.value(node, "mode", expected: "a mode, as 0660", FileMode.parse)
        case "owner":
            options.owner = findings.values(node, "owner", expected: "a user, as www-data or www-data:www", owner)
        default: findings.unknown(entry, in: "an entry of listen", among: keys, meant: synonyms)
        }
    }

    private static func protocols(_ node: SettingsNode, _ findings: inout Findings) -> ListenerProtocols {
        var protocols: ListenerProtocols = []
        for item in findings.items(node, "protocols", expected: "http, socks or both") {
            let node = SettingsNode(.scalar(item.text), item.place)
            let word: ListenerWord? = findings.choice(node, "protocols", meant: ListenerWord.meant)
            if let word { protocols.insert(word.value) }
        }
        // What is wrong has been told.
        return protocols.isEmpty ? .all : protocols
    }

    static func address(_ text: String) throws(ValueFault) -> ListenAddress {
        do throws(ListenAddressFault) { return try ListenAddress(parsing: text) } catch {
            throw ValueFault("\"\(text)\": \(error)", saysWhatToWrite: error.saysWhatToWrite)
        }
    }

    private static func name(_ text: String) throws(ValueFault) -> String {
        if let words = ListenerOptions.whyNoName(text) { throw ValueFault(words) }
        return text
    }

    private static func network(_ text: String) throws(ValueFault) -> CIDR {
        if ["true", "yes", "on", "v1", "v2", "required", "optional"].contains(text.lowercased()) {
            throw ValueFault(
                "\"\(text)\" is no network; name those who announce clients, as 10.0.0.9: from them the header is compulsory, in "
                    + "either version, and nobody else is served"
            )
        }
        return try NetworkText.parse(text)
    }

    private static func owner(_ text: String) throws(ValueFault) -> String {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, text != ":",
            parts.allSatisfy({ !$0.hasPrefix("-") && !$0.contains("/") && !$0.contains(" ") })
        else { throw ValueFault("\"\(text)\" is no owner; it takes user, user:group or :group") }
        return text
    }
}
