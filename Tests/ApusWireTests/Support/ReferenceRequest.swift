@testable import ApusWire

/// A naive reading of a whole request: nil when it must be refused, whatever the reason.
struct ReferenceRequest {
    let head: ReferenceHead
    let method: String
    let isHTTP10: Bool
    let body: BodyFraming
    /// What goes to the origin; nil when the target names none.
    private(set) var rewritten: String?

    var loops: Bool {
        head.members("via").contains { member in
            let words = member.split { $0 == " " || $0 == "\t" }
            return words.count > 1 && words[1].lowercased() == pseudonym
        }
    }
    var persistent: Bool { !isHTTP10 && !options.contains("close") }
    private var options: [String] { head.members("connection").map { $0.lowercased() } }
    private var upgrade: [String] = []

    init?(_ bytes: [UInt8]) {
        guard let head = ReferenceHead(bytes, isRequest: true) else { return nil }
        let words = head.start.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, isToken(words[0]), !words[1].isEmpty,
            words[1].unicodeScalars.allSatisfy({ $0.value > 32 && $0.value != 127 }), words[2].utf8.count == 8,
            words[2].hasPrefix("HTTP/1."), let minor = words[2].last, minor.isASCII, minor.isNumber
        else { return nil }
        self.head = head
        method = words[0]
        isHTTP10 = minor == "0"
        guard let target = ReferenceTarget(words[1], method), let body = Self.body(head, isHTTP10) else { return nil }
        self.body = body
        let hosts = head.all("host")
        guard hosts.count <= 1, hosts.count == 1 || isHTTP10 else { return nil }
        if let host = hosts.first?.value, !host.isEmpty, ReferenceAuthority(host) == nil { return nil }
        if method == "CONNECT", body != .none { return nil }
        guard Self.areFree(options) else { return nil }
        if options.contains("upgrade"), !isHTTP10 {
            let offered = head.members("upgrade")
            // Behind the fourth that passes, nothing is looked at.
            for name in offered where upgrade.count < 4 {
                let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
                guard parts.count <= 2, parts.allSatisfy(isToken) else { return nil }
                if name.lowercased() != "h2c" { upgrade.append(name) }
            }
        }
        var hops: UInt32?
        if method == "TRACE" || method == "OPTIONS" {
            let values = head.all("max-forwards").map(\.value)
            guard values.count <= 1, values.allSatisfy({ $0.utf8.allSatisfy { $0 >= 48 && $0 < 58 } }) else {
                return nil
            }
            if let value = values.first {
                guard let number = UInt32(value) else { return nil }
                hops = number
            }
        }
        rewritten = target.host.map { rewrite($0, target.path, hops) }
    }

    private static func body(_ head: ReferenceHead, _ isHTTP10: Bool) -> BodyFraming? {
        let codings = head.all("transfer-encoding").map { $0.value.lowercased() }
        if !codings.isEmpty {
            return codings == ["chunked"] && head.all("content-length").isEmpty && !isHTTP10 ? .chunked : nil
        }
        guard let lengths = head.lengths, lengths.count <= 1 else { return nil }
        return lengths.first.map { $0 == 0 ? .none : .length($0) } ?? BodyFraming.none
    }

    private static func areFree(_ options: [String]) -> Bool {
        Set(options).isDisjoint(with: ["host", "content-length", "transfer-encoding", "cookie", "authorization", "via"])
    }

    private func rewrite(_ host: String, _ path: String, _ hops: UInt32?) -> String {
        let isServer = path.isEmpty && method == "OPTIONS"
        let path = isServer ? "*" : path.hasPrefix("/") ? path : "/" + path
        var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        let dropped = head.ending.union(["host"]).union(hops == nil ? [] : ["max-forwards"])
            .union(isHTTP10 ? ["expect"] : [])
        for line in head.lines where !dropped.contains(line.key) { text += line.raw }
        if let hops { text += "Max-Forwards: \(hops == 0 ? 0 : hops - 1)\r\n" }
        if !upgrade.isEmpty { text += "Upgrade: \(upgrade.joined(separator: ", "))\r\n" }
        let trailers = !isHTTP10 && head.members("te").contains { $0.lowercased() == "trailers" }
        if trailers { text += "TE: trailers\r\n" }
        let options = (trailers ? ["TE"] : []) + (upgrade.isEmpty ? [] : ["Upgrade"])
        if !options.isEmpty { text += "Connection: \(options.joined(separator: ", "))\r\n" }
        return text + "Via: 1.\(isHTTP10 ? 0 : 1) \(pseudonym)\r\n\r\n"
    }
}

/// A naive reading of a request target.
struct ReferenceTarget {
    /// The Host to write; nil when the target names none that is fetched from.
    var host: String?
    var path = ""

    init?(_ target: String, _ method: String) {
        if method == "CONNECT" {
            guard let authority = ReferenceAuthority(target), authority.port != nil else { return nil }
            return
        }
        if target == "*" {
            if method != "OPTIONS" { return nil }
            return
        }
        if target.contains("#") { return nil }
        if target.hasPrefix("/") { return }
        guard target.lowercased().hasPrefix("http://") else { return nil }
        let rest = target.dropFirst(7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        path = String(rest.dropFirst(authority.count))
        guard let read = ReferenceAuthority(String(authority)) else { return nil }
        let isPlain = authority.hasSuffix(":\(read.port ?? 0)")
        host = read.host + ((read.port ?? 80) == 80 && !isPlain ? "" : ":\(read.port ?? 80)")
    }
}

/// A naive reading of `host [":" port]`; nil when it must be refused.
struct ReferenceAuthority {
    /// The host as it came, with its brackets.
    var host: String
    var port: Int?

    init?(_ text: String) {
        var rest = text[...]
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let literal = String(text[text.index(after: text.startIndex)..<close])
            guard systemParse(literal)?.family == .v6 else { return nil }
            host = "[\(literal)]"
            rest = text[text.index(after: close)...]
        } else {
            host = String(text.prefix { $0 != ":" })
            rest = text.dropFirst(host.count)
            guard Self.isName(host) else { return nil }
        }
        guard !rest.isEmpty else { return }
        guard rest.removeFirst() == ":", rest.utf8.allSatisfy({ $0 >= 48 && $0 < 58 }) else { return nil }
        if rest.isEmpty { return }
        guard let number = Int(rest), number >= 1, number <= 65535 else { return nil }
        port = number
    }

    private static func isName(_ host: String) -> Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        guard name.utf8.count <= 253, !name.isEmpty else { return false }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false).map { $0.lowercased() }
        for label in labels {
            guard !label.isEmpty, label.utf8.count <= 63 else { return false }
            guard label.utf8.allSatisfy({ Set("abcdefghijklmnopqrstuvwxyz0123456789-_".utf8).contains($0) }) else {
                return false
            }
        }
        let last = labels.last ?? ""
        let isNumber =
            last.utf8.allSatisfy { $0 >= 48 && $0 < 58 }
            || (last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit))
        return !isNumber || systemParse(host)?.family == .v4
    }
}
