internal import Apus
internal import ApusPolicy

/// What the environment names as a proxy for clients: `http_proxy`, `https_proxy`, `no_proxy`, in small letters or large. It is read where the
/// settings say `parent: env`, and nowhere else. No message repeats a value, which may have a password in it.
struct ParentEnvironment {
    private(set) var parent: ParentSettings
    /// Entries of NO_PROXY that are no host: they take none elsewhere either.
    private(set) var strange: [String] = []

    init(_ environment: [String: String]) throws(ValueFault) {
        let plain = Self.value("http_proxy", environment)
        let tunnels = Self.value("https_proxy", environment)
        guard let chosen = plain ?? tunnels else {
            throw ValueFault("env: neither http_proxy nor https_proxy is set here; write the URL")
        }
        parent = try Self.parent(chosen)
        if let plain, let tunnels, try Self.parent(plain) != (try Self.parent(tunnels)) {
            throw ValueFault(
                "env: http_proxy and https_proxy name two; write both under parents, and rules that route to them"
            )
        }
        guard let none = Self.value("no_proxy", environment) else { return }
        for entry in none.text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if let patterns = try Self.patterns(String(entry), none.name) {
                parent.bypass += patterns
            } else {
                strange.append(String(entry))
            }
        }
    }

    /// The value of a variable that is set and not empty, and how it is written.
    private static func value(_ name: String, _ environment: [String: String]) -> (name: String, text: String)? {
        for name in [name, name.uppercased()] {
            if let text = environment[name], !text.isEmpty { return (name, text) }
        }
        return nil
    }

    /// `http://user:password@proxy.example:8080/`; without a scheme HTTP is meant, as curl and Go have it.
    private static func parent(_ variable: (name: String, text: String)) throws(ValueFault) -> ParentSettings {
        var text = variable.text
        if !text.contains("://") { text = "http://" + text }
        var credentials: ParentCredentials?
        if let scheme = text.firstRange(of: "://") {
            let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
            if let at = authority.lastIndex(of: "@") {
                let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let decoded = parts.map { Self.decoded(String($0)) }
                guard let user = decoded.first ?? nil, let password = decoded.count > 1 ? decoded[1] : "" else {
                    throw ValueFault("env: the user or the password in \(variable.name) has a % that is no encoding")
                }
                credentials = ParentCredentials(user: user, password: password)
                text.removeSubrange(authority.startIndex...at)
            }
        }
        do throws(ParentURLFault) {
            var parent = try ParentSettings(name: DefaultRouteSettings.environmentName, url: text)
            parent.credentials = credentials
            return parent
        } catch {
            throw ValueFault("env: \(variable.name): \(words(error))", saysWhatToWrite: true)
        }
    }

    /// Nothing of a value is repeated: what stands in place of a host may be a part of a password.
    private static func words(_ fault: ParentURLFault) -> String {
        switch fault {
        case .noPort:
            "the URL has no port, and programs disagree on which is meant: curl takes 1080, Squid 3128, the URL standard 80"
        case .https: "TLS to a parent is not there yet"
        case .otherSOCKS, .unknownScheme: "of schemes http, socks5 and socks5h are spoken"
        default: "this is no URL of a proxy"
        }
    }

    private static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
                let value = UInt8(digits, radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// What an entry of NO_PROXY takes: a name, with a dot in front or not, takes itself and all under it; `*` takes every host.
    /// Nil for what takes none.
    private static func patterns(_ text: String, _ name: String) throws(ValueFault) -> [HostPattern]? {
        if text == "*" { return [.any] }
        var text = text
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        let isUnder = text.hasPrefix("*.")
        while text.hasPrefix("*.") || text.hasPrefix(".") { text.removeFirst(text.hasPrefix("*.") ? 2 : 1) }
        if let pattern = try? HostPatternText.parse(text) {
            switch pattern {
            case .name(let name): return isUnder ? [.under(name)] : [.name(name), .under(name)]
            case .network: return [pattern]
            case .any: return [.name("all"), .under("all")]
            case .under, .list: return nil
            }
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, UInt16(parts[1]) != nil {
            throw ValueFault(
                "env: \(name) has an entry with a port, \(parts[0]):\(parts[1]), which is for all ports here; leave the port out"
            )
        }
        return nil
    }
}
