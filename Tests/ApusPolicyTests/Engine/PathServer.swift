/// A server that finds what a path names in one of the ways that servers do.
struct PathServer: CustomStringConvertible {
    var joinsSlashes = false
    var decodesSlash = false
    var takesBackslash = false
    var dropsParameters = false
    /// Whether parameters are dropped before the path is decoded, not behind it.
    var dropsFirst = false
    /// Whether the decoded path goes to another server, which decodes it once more.
    var decodesTwice = false

    /// Every kind there is.
    static let all: [PathServer] = (0..<64).map { bits in
        PathServer(
            joinsSlashes: bits & 1 != 0,
            decodesSlash: bits & 2 != 0,
            takesBackslash: bits & 4 != 0,
            dropsParameters: bits & 8 != 0,
            dropsFirst: bits & 16 != 0,
            decodesTwice: bits & 32 != 0
        )
    }

    /// What a path names: segments, of which none is `.` or `..`.
    func resolve(_ path: String) -> String {
        var path = Self.cut(path, "?")
        for _ in 0..<(decodesTwice ? 2 : 1) {
            if dropsParameters && dropsFirst { path = withoutParameters(path) }
            path = Self.cut(decoded(path), decodesTwice ? "?" : nil)
            if takesBackslash { path = String(path.map { $0 == "\\" ? "/" : $0 }) }
            if dropsParameters && !dropsFirst { path = withoutParameters(path) }
        }
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for (place, segment) in segments.enumerated() {
            let isLast = place == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                if kept.count > 1 { kept.removeLast() }
                if isLast { kept.append("") }
            case "" where joinsSlashes && place > 0 && !isLast: break
            default: kept.append(segment)
            }
        }
        return kept.joined(separator: "/")
    }

    private static func cut(_ path: String, _ mark: Character?) -> String {
        String(path.prefix { $0 != mark })
    }

    private func withoutParameters(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.prefix { $0 != ";" } }
            .joined(separator: "/")
    }

    private func decoded(_ path: String) -> String {
        let parts = path.split(separator: "%", omittingEmptySubsequences: false)
        var result = String(parts.first ?? "")
        for part in parts.dropFirst() {
            let digits = part.prefix(2)
            guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let code = UInt8(digits, radix: 16) else {
                result += "%" + part
                continue
            }
            let character = Character(UnicodeScalar(code))
            result += (character == "/" && !decodesSlash ? "%2F" : String(character)) + part.dropFirst(2)
        }
        return result
    }

    var description: String {
        let ways = [
            (joinsSlashes, "joins slashes"), (decodesSlash, "decodes %2f"), (takesBackslash, "takes \\ as /"),
            (dropsParameters, dropsFirst ? "drops ;… first" : "drops ;…"), (decodesTwice, "decodes twice"),
        ]
        return ways.filter(\.0).map(\.1).joined(separator: ", ")
    }
}
