internal import ApusPolicy
internal import ApusWire

/// Who may ask the admin listener what: pure, so that every case can be tried.
///
/// A page on another site can make a browser send requests here, and a name of its own can be made to point here (DNS rebinding); so a
/// request must name this machine in Host, and must not come from another site unless it only opens the page.
struct AccessGuard: Sendable {
    /// What is known of a request before it is answered.
    struct Question: Sendable {
        var method = "GET"
        var path = "/"
        /// The Host field, or the authority of a target in absolute form.
        var host: String?
        /// Whether there is more than one Host field.
        var hasSeveralHosts = false
        var origin: String?
        var fetchSite: String?
        var authorization: String?
        /// Whether it has a Via, or the Proxy-Connection that some clients send to proxies.
        var cameByProxy = false
    }

    /// Why a request is not answered.
    enum Refusal: Sendable, Equatable {
        /// Host is missing, or there is more than one (RFC 9112 §3.2).
        case malformedHost
        /// Host is none of the names of this machine.
        case unknownName(String)
        /// It comes from a page of another site.
        case otherSite
        /// It has come through a proxy, this one for all that is known, or was meant for one.
        case cameByProxy
        /// It shows no token, or a wrong one.
        case noToken
    }

    private let names: Set<String>
    private let isSocket: Bool
    private let token: TokenHash?

    /// - Parameters:
    ///   - names: by which browsers may ask, in lower case.
    ///   - isSocket: a UNIX socket, which no browser reaches: any Host will do.
    ///   - token: the one that everybody has to show; nil for none.
    init(names: [String], isSocket: Bool, token: String?) {
        self.names = Set(names)
        self.isSocket = isSocket
        self.token = token.map { TokenHash(hashing: Secret($0)) }
    }

    /// Paths that tell nothing but whether, or where, Apus serves.
    private static let open: Set<String> = ["/healthz", "/readyz", "/proxy.pac"]

    func refusal(_ question: Question) -> Refusal? {
        if question.cameByProxy { return .cameByProxy }
        guard !question.hasSeveralHosts, question.host != nil || isSocket else { return .malformedHost }
        let host = question.host ?? ""
        if !isSocket, !isOwn(host) { return .unknownName(host) }
        if let origin = question.origin, !isOwn(origin, host) { return .otherSite }
        if let site = question.fetchSite, site != "same-origin", site != "none" {
            // A link on another page may open this one.
            guard question.method == "GET", question.path == "/" else { return .otherSite }
        }
        guard let token, !AccessGuard.open.contains(question.path) else { return nil }
        guard let shown = AccessGuard.token(in: question.authorization) else { return .noToken }
        return TokenHash(hashing: shown) == token ? nil : .noToken
    }

    /// Whether a Host is this machine's: an address, `localhost`, or one of the names.
    private func isOwn(_ host: String) -> Bool {
        let name = AccessGuard.name(host)
        if IPAddress(name) != nil { return true }
        return name == "localhost" || names.contains(name)
    }

    /// Whether an origin is the page that is asked for by this Host.
    private func isOwn(_ origin: String, _ host: String) -> Bool {
        origin.lowercased() == "http://\(host.lowercased())" || origin.lowercased() == "https://\(host.lowercased())"
    }

    /// A Host without its port, brackets and trailing dot, in lower case; empty where it is none.
    private static func name(_ host: String) -> String {
        let host = host.lowercased()
        var (name, port) = (host[...], Substring())
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            name = host[host.index(after: host.startIndex)..<end]
            port = host[host.index(after: end)...]
        } else if let colon = host.lastIndex(of: ":") {
            (name, port) = (host[..<colon], host[colon...])
        }
        guard port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return ""
        }
        if name.hasSuffix(".") { name = name.dropLast() }
        return String(name)
    }

    /// The token of `Bearer TOKEN`, or the password of `Basic …`, which is what a browser asks for.
    private static func token(in authorization: String?) -> Secret? {
        let words = (authorization ?? "").split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        switch words[0].lowercased() {
        case "bearer": return Secret(String(words[1]))
        case "basic":
            let encoded = Array(words[1].utf8)
            guard let bytes = Base64.decode(encoded.span, 0..<encoded.count) else { return nil }
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return Secret(String(decoding: bytes[(colon + 1)...], as: UTF8.self))
        default: return nil
        }
    }
}
