import ApusWire

/// Where a request goes, without the secrets that a URL may hold: userinfo, and on wish the query.
///
/// It looks for bytes, not for characters: an `@` with a combining mark behind it ends userinfo too.
enum SecretLocation {
    /// A request or status line. Only the target of a request line changes.
    static func line(_ line: String, redactingQueries: Bool) -> String {
        let bytes = line.utf8
        guard !bytes.starts(with: "HTTP/".utf8), let first = bytes.firstIndex(of: Ascii.space) else { return line }
        let start = bytes.index(after: first)
        // Whatever stands behind the last space is no part of the target: it is the version.
        let end = bytes[start...].lastIndex(of: Ascii.space) ?? bytes.endIndex
        var target = String(line[start..<end])
        if target.utf8.first != Ascii.slash, scheme(target[...]) == nil { target = withoutUserinfo(target[...]) }
        return line[..<start] + shown(target, redactingQueries: redactingQueries, isOne: true) + line[end...]
    }

    /// A text with URLs in it: `(redacted)@` in the place of userinfo; with `redactingQueries` each query or fragment
    /// is cut, for a token may stand in either, so that `/a?token=1` becomes `/a?…`.
    ///
    /// - Parameter isOne: the text is one URL, so that a query goes on to its end, whatever stands in it.
    static func shown(_ text: String, redactingQueries: Bool, isOne: Bool) -> String {
        var shown = ""
        var rest = text[...]
        while let start = scheme(rest) {
            let end = rest.utf8[start...].firstIndex { "/?#<>\"\\ ".utf8.contains($0) } ?? rest.endIndex
            shown += rest[..<start] + withoutUserinfo(rest[start..<end])
            rest = rest[end...]
        }
        shown += rest
        return redactingQueries ? withoutQueries(shown, isOne: isOne) : shown
    }

    /// Where the authority of the first URL begins: behind `//`, whatever stands before it.
    private static func scheme(_ text: Substring) -> String.Index? {
        var at = text.startIndex
        while let slash = text.utf8[at...].firstIndex(of: Ascii.slash) {
            at = text.utf8.index(after: slash)
            guard text.utf8[at...].first == Ascii.slash else { continue }
            return text.utf8.index(after: at)
        }
        return nil
    }

    private static func withoutUserinfo(_ authority: Substring) -> String {
        guard let at = authority.utf8.lastIndex(of: Ascii.at) else { return String(authority) }
        return SecretFields.mark + authority[at...]
    }

    private static func withoutQueries(_ text: String, isOne: Bool) -> String {
        var shown = ""
        var rest = text[...]
        while let mark = rest.utf8.firstIndex(where: { $0 == Ascii.question || $0 == Ascii.hash }) {
            shown += rest[...mark] + "…"
            if isOne { return shown }
            rest = rest[(rest.utf8[mark...].firstIndex { "<>\" ".utf8.contains($0) } ?? rest.endIndex)...]
        }
        return shown + rest
    }
}
