internal import Apus
internal import ApusPolicy
internal import ApusReport

/// `/proxy.pac`: how a browser finds Apus.
///
/// Plain names and loopback go direct, for the destination guard would refuse them; but what a rule opens goes by way of Apus.
struct ProxyAutoConfig {
    /// Where clients come in.
    let listeners: [ListenAddress]
    let rules: PolicyRules
    let allowsPrivate: Bool
    /// The name by which the client asked for this file: it stands for a listener on every interface.
    let host: String

    /// The script.
    var text: String {
        let way = JSONWriter.string(proxies)
        var lines = ["function FindProxyForURL(url, host) {"]
        lines.append("  var proxied = /^(https?|wss?):/i.test(url);")
        lines.append("  if (!proxied) return \"DIRECT\";")
        for condition in opened { lines.append("  if (\(condition)) return \(String(decoding: way, as: UTF8.self));") }
        if !allowsPrivate {
            lines.append("  if (isPlainHostName(host) || host == \"localhost\" || dnsDomainIs(host, \".localhost\")")
            lines.append(
                "      || /^127(\\.[0-9]+){3}$/.test(host) || host == \"[::1]\" || host == \"::1\") return \"DIRECT\";"
            )
        }
        lines.append("  return \(String(decoding: way, as: UTF8.self));")
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    private var proxies: String {
        let places = listeners.map { listener in
            let isWildcard = listener.host == "0.0.0.0" || listener.host == "::"
            return isWildcard ? "PROXY \(host):\(listener.port)" : "PROXY \(listener)"
        }
        var seen: Set<String> = []
        return places.filter { seen.insert($0).inserted }.joined(separator: "; ")
    }

    /// The hosts that rules open although they may be private.
    private var opened: [String] {
        rules.rules.flatMap { rule -> [String] in
            guard case .allow(let permission) = rule.action else { return [] }
            guard permission.allowsPrivate || !permission.exceptions.isEmpty else { return [] }
            return rule.condition.hosts.compactMap { pattern in
                switch pattern {
                case .name(let name): "host == \(quoted(name))"
                case .under(let name): "dnsDomainIs(host, \(quoted("." + name)))"
                case .any, .network, .list: nil
                }
            }
        }
    }

    private func quoted(_ text: String) -> String { String(decoding: JSONWriter.string(text), as: UTF8.self) }
}
