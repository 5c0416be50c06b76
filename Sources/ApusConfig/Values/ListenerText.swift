internal import Apus

/// Listeners as a settings file has them.
enum ListenerText {
    /// `[127.0.0.1:3128, { address: 10.0.0.5:3128, name: edge }]`.
    static func describe(_ configuration: ProxyConfiguration) -> String {
        let entries = configuration.listeners.map { describe($0, configuration.options(of: $0)) }
        return "[\(entries.joined(separator: ", "))]"
    }

    private static func describe(_ address: ListenAddress, _ options: ListenerOptions) -> String {
        let place = YAMLText.scalar(address.description)
        if options == ListenerOptions() { return place }
        var parts = ["address: \(place)"]
        if let name = options.name { parts.append("name: \(YAMLText.scalar(name))") }
        if options.protocols != .all { parts.append("protocols: \(YAMLText.list(words(options.protocols)))") }
        if !options.proxyProtocol.isEmpty {
            parts.append("proxy-protocol: \(YAMLText.list(options.proxyProtocol.map(\.description)))")
        }
        if let mode = options.mode { parts.append("mode: \(FileMode.describe(mode))") }
        if options.owner.count == 1 { parts.append("owner: \(YAMLText.scalar(options.owner[0]))") }
        if options.owner.count > 1 { parts.append("owner: \(YAMLText.list(options.owner))") }
        return "{ \(parts.joined(separator: ", ")) }"
    }

    /// The words of protocols.
    static func words(_ protocols: ListenerProtocols) -> [String] {
        ListenerWord.allCases.filter { protocols.contains($0.value) }.map(\.rawValue)
    }
}

/// A word of `protocols`.
enum ListenerWord: String, CaseIterable {
    case http, socks

    var value: ListenerProtocols { self == .http ? .http : .socks }

    /// What people call them elsewhere.
    static let meant = [
        "https": "http", "connect": "http", "http/1.1": "http", "socks4": "socks", "socks4a": "socks",
        "socks5": "socks", "socks5h": "socks",
    ]
}
