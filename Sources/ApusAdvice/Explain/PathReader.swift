/// Reads a path in the two forms that rules compare, step by step as the rules' meaning says it; ``PathForm`` does so in one go.
struct PathReader {
    /// The path as it came, without its query.
    private let raw: [UInt8]
    /// As it was sent: single characters, and triplets in upper case.
    private(set) var sent: [String] = []
    /// As the most generous server reads it.
    private(set) var unified: [UInt8] = []
    /// Whether it has a segment `.` or `..`, a NUL, or behind a `;` a slash that was not sent as one.
    private(set) var climbs = false

    /// Reads the path of a request.
    init(path: String) {
        self.init(Array(path.utf8.prefix { $0 != UInt8(ascii: "?") }))
        if sent.isEmpty { sent = ["/"] }
        if unified.isEmpty { unified = Array("/".utf8) }
    }

    /// Reads the prefix of a rule.
    init(prefix: String) {
        self.init(Array(prefix.utf8))
    }

    private init(_ bytes: [UInt8]) {
        raw = bytes
        sent = PathReader.sent(bytes)
        let slash = UInt8(ascii: "/")
        let decoded = PathReader.decoded(bytes)
        climbs = decoded.contains(0) || bytes.split(separator: slash).contains { PathReader.hidesSlash(Array($0)) }
        let segments = decoded.map { $0 == UInt8(ascii: "\\") ? slash : $0 }
            .split(separator: slash, omittingEmptySubsequences: false)
        let ends = [UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#")]
        if segments.contains(where: { segment in
            [".", ".."].contains(String(decoding: segment.prefix { !ends.contains($0) }, as: UTF8.self))
        }) {
            climbs = true
        }
        let kept = segments.map { $0.prefix { $0 != UInt8(ascii: ";") } }.enumerated().filter { place, segment in
            !segment.isEmpty || place == 0 || place == segments.count - 1
        }
        unified = Array(kept.map(\.element).joined(separator: [slash]))
    }

    /// Whether the form as sent begins as that of a prefix: `%2f` in the prefix stands for a slash in either spelling.
    func sent(beginsAs prefix: PathReader) -> Bool {
        guard prefix.sent.count <= sent.count else { return false }
        return zip(sent, prefix.sent).allSatisfy { $0 == $1 || ($0 == "/" && $1 == "%2F") }
    }

    /// Decodes unreserved characters once, and writes all other triplets, and what is not ASCII, in one way.
    private static func sent(_ bytes: [UInt8]) -> [String] {
        var parts: [String] = []
        var rest = bytes[...]
        while let first = rest.first {
            let code = triplet(rest)
            rest.removeFirst(code == nil ? 1 : 3)
            let byte = code ?? first
            let character = Character(UnicodeScalar(byte))
            let isUnreserved =
                character.isASCII && (character.isLetter || character.isNumber || "-._~".contains(character))
            if isUnreserved || (code == nil && character.isASCII) {
                parts.append(String(character))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                parts.append(digits.count == 1 ? "%0\(digits)" : "%\(digits)")
            }
        }
        return parts
    }

    /// Decodes every triplet, again and again until nothing changes.
    private static func decoded(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var rest = bytes[...]
        while let first = rest.first {
            let code = triplet(rest)
            rest.removeFirst(code == nil ? 1 : 3)
            output.append(code ?? first)
        }
        return output.count == bytes.count ? output : decoded(output)
    }

    /// Whether a segment, as it was sent, has a slash of another spelling behind a `;`.
    private static func hidesSlash(_ segment: [UInt8]) -> Bool {
        let parameter = decoded(segment).drop { $0 != UInt8(ascii: ";") }
        return parameter.contains(UInt8(ascii: "/")) || parameter.contains(UInt8(ascii: "\\"))
    }

    private static func triplet(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        guard bytes.first == UInt8(ascii: "%"), bytes.count >= 3 else { return nil }
        let digits = bytes.dropFirst().prefix(2).map { Character(UnicodeScalar($0)) }
        return digits.allSatisfy(\.isHexDigit) ? UInt8(String(digits), radix: 16) : nil
    }
}

extension PathReader: CustomStringConvertible {
    /// The path as it came, and what a rule makes of it where that is something else.
    var description: String {
        let text = raw.isEmpty ? "/" : String(decoding: raw, as: UTF8.self)
        if climbs {
            return
                "\(text) (it climbs: no rule that allows by path takes it, every one that denies or limits by path does)"
        }
        if unified == Array(sent.joined().utf8) { return text }
        return "\(text) (a server may read \(String(decoding: unified, as: UTF8.self)))"
    }
}
