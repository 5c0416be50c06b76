/// A request's target in absolute form: its authority counts, whatever Host says (RFC 9112 §3.2.2).
struct AbsoluteTarget: Equatable {
    /// Host and port, as they were sent.
    let authority: String
    /// Path and query.
    let path: String

    /// Takes a target apart; nil where it is in another form.
    init?(_ target: String) {
        let bytes = target.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(bytes[..<colon]),
            bytes[colon...].dropFirst().starts(with: "//".utf8)
        else { return nil }
        let start = bytes.index(colon, offsetBy: 3)
        let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.endIndex
        authority = String(target[start..<end])
        let rest = target[end...]
        path = rest.utf8.first == UInt8(ascii: "/") ? String(rest) : "/\(rest)"
    }

    /// RFC 3986 §3.1.
    private static func isScheme(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || 0x30...0x39 ~= $0 || "+-.".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7a ~= byte | 0x20 }
}
