import ApusWire

/// Where a request goes, without the secrets that a URL may hold: userinfo, and of the query what is not shown.
///
/// It looks for bytes, not for characters: an `@` with a combining mark behind it ends userinfo too.
package enum SecretLocation {
    /// A request or status line. Only the target of a request line changes.
    static func line(_ line: String, redactingQueries: QueryRedaction) -> String {
        let text = line.utf8
        guard !text.starts(with: "HTTP/".utf8), let first = text.firstIndex(of: Ascii.space) else { return line }
        let start = text.index(after: first)
        // Whatever stands behind the last space is no part of the target: it is the version.
        let end = text[start...].lastIndex(of: Ascii.space) ?? text.endIndex
        let bytes = Array(text[start..<end])
        let hidden = hidden(bytes.span, 0, bytes.count)
        let before = String(decoding: bytes[..<hidden.range.lowerBound], as: UTF8.self)
        let behind = String(decoding: bytes[hidden.range.upperBound...], as: UTF8.self)
        let target = before + (hidden.isUserinfo ? "\(SecretFields.mark)@" : "") + behind
        return line[..<start] + shown(target, redactingQueries: redactingQueries, isOne: true) + line[end...]
    }

    /// What of a request's target is for nobody's log (RFC 9110 §4.2.4): userinfo with its `@`, in an authority or a URL. Where
    /// nobody can tell where it begins and ends, as in `http:/u:p@h` or `//u:p/w@h`, all from the segment with the first `:` or `@`
    /// on, but for that of `http:`. Without any `@` there is no userinfo (RFC 3986 §3.2.1), and the range is empty, at the end.
    ///
    /// - Parameter isWhole: whether the target ends there; else the `@` may have stood behind its end.
    package static func hidden(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        isWhole: Bool = true
    ) -> (range: Range<Int>, isUserinfo: Bool) {
        let nothing = end..<end
        guard (start..<end).contains(where: { isAt(bytes, $0, end) }) else {
            return (isWhole || start == end ? nothing : hiddenOfPart(bytes, start, end), false)
        }
        if bytes[start] == Ascii.slash {
            let isPath = !(start + 1..<end).contains { bytes[$0] == Ascii.slash && bytes[$0 - 1] == Ascii.slash }
            return isPath ? (nothing, false) : (rest(bytes, start, end), false)
        }
        let isURL = stands("http://", bytes, start, end) || stands("https://", bytes, start, end)
        let slash = (start..<end).first { bytes[$0] == Ascii.slash } ?? start
        let first = isURL ? slash + 2 : start
        let last = (first..<end).first { isEnd(bytes[$0]) } ?? end
        if let at = (first..<last).last(where: { bytes[$0] == Ascii.at }) { return (first..<at + 1, true) }
        return isURL && isAuthority(bytes, first, last) ? (nothing, false) : (rest(bytes, start, end), false)
    }

    /// The same of the beginning of a target, without an `@` so far.
    private static func hiddenOfPart(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int> {
        if bytes[start] == Ascii.slash {
            let isPath = !(start + 1..<end).contains { bytes[$0] == Ascii.slash && bytes[$0 - 1] == Ascii.slash }
            return isPath ? end..<end : rest(bytes, start, end)
        }
        let isURL = stands("http://", bytes, start, end) || stands("https://", bytes, start, end)
        guard isURL, let slash = (start..<end).first(where: { bytes[$0] == Ascii.slash }) else {
            return rest(bytes, start, end)
        }
        let last = (slash + 2..<end).first { isEnd(bytes[$0]) } ?? end
        return last < end && isAuthority(bytes, slash + 2, last) ? end..<end : rest(bytes, start, end)
    }

    /// What ends an authority (RFC 3986 §3.2).
    private static func isEnd(_ byte: UInt8) -> Bool {
        byte == Ascii.slash || byte == Ascii.question || byte == Ascii.hash
    }

    /// Whether it can be host and port: what stands behind the colon may be the beginning of a password else.
    private static func isAuthority(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard start < end, !(start..<end).contains(where: { isAt(bytes, $0, end) }) else { return false }
        let host = (start..<end).last { bytes[$0] == 0x5d } ?? start
        guard let colon = (host..<end).first(where: { bytes[$0] == Ascii.colon }) else { return true }
        return (colon + 1..<end).allSatisfy { ByteClass.isDigit(bytes[$0]) }
    }

    /// All from the segment with the first `:` or `@` on.
    private static func rest(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int> {
        var at = start
        for scheme in ["http:", "https:"] where stands(scheme, bytes, start, end) { at = start + scheme.utf8.count }
        var segment = at
        while at < end, bytes[at] != Ascii.colon, !isAt(bytes, at, end) {
            if bytes[at] == Ascii.slash { segment = at &+ 1 }
            at &+= 1
        }
        return (at < end ? segment : end)..<end
    }

    /// An `@`, percent-encoded perhaps.
    private static func isAt(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Bool {
        bytes[at] == Ascii.at || bytes[at] == 0x25 && at &+ 2 < end && bytes[at &+ 1] == 0x34 && bytes[at &+ 2] == 0x30
    }

    private static func stands(_ word: String, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard end - start >= word.utf8.count else { return false }
        return zip(word.utf8, start..<end).allSatisfy { ByteClass.lowercased(bytes[$1]) == $0 }
    }

    /// A text with URLs in it: `(redacted)@` in the place of userinfo; of each query or fragment, for a token may stand in
    /// either, what is shown: `/a?token=1` becomes `/a?token=…` or `/a?…`.
    ///
    /// - Parameter isOne: the text is one URL, so that a query goes on to its end, whatever stands in it.
    static func shown(_ text: String, redactingQueries: QueryRedaction, isOne: Bool) -> String {
        var shown = ""
        var rest = text[...]
        while let start = scheme(rest) {
            let end = rest.utf8[start...].firstIndex { "/?#<>\"\\ ".utf8.contains($0) } ?? rest.endIndex
            shown += rest[..<start] + withoutUserinfo(rest[start..<end])
            rest = rest[end...]
        }
        shown += rest
        return switch redactingQueries {
        case .all: withoutQueries(shown, isOne: isOne)
        case .known: isOne ? SecretQuery.shown(shown, .known) : withoutSecrets(shown)
        case .none: shown
        }
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

    /// A text with several queries, each of them up to what cannot stand in a URL.
    private static func withoutSecrets(_ text: String) -> String {
        var shown = ""
        var rest = text[...]
        while !rest.isEmpty {
            let end = rest.utf8.firstIndex { "<>\" ".utf8.contains($0) } ?? rest.endIndex
            shown += SecretQuery.shown(String(rest[..<end]), .known)
            guard end < rest.endIndex else { break }
            let next = rest.utf8.index(after: end)
            shown += rest[end..<next]
            rest = rest[next...]
        }
        return shown
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
