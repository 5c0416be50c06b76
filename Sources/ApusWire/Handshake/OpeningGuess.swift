/// What the first bytes inside a tunnel look like: a guess, by which a client that speaks HTTP is told in HTTP why it ends.
///
/// Nothing is decided by it.
public enum OpeningGuess: UInt8, Sendable, Hashable, BitwiseCopyable {
    /// Another protocol, or nothing that could be told.
    case other
    /// A request of HTTP/1, or the front of one.
    case request
    /// One by HEAD, whose answer has no content (RFC 9110 §9.3.2).
    case headRequest

    /// How long a method may be: the longest registered one has 17 letters.
    private static let longestMethod = 20

    /// Looks at the bytes: a method in capital letters, a space, and a target in origin-, absolute- or asterisk-form. Where the line is
    /// whole, it has to end with a version of HTTP/1 (RFC 9112 §2.3), which tells it from RTSP, SIP and the preface of HTTP/2.
    public init(_ bytes: Span<UInt8>) {
        self = .other
        var at = 0
        while at < bytes.count, at <= OpeningGuess.longestMethod, OpeningGuess.isOfMethod(bytes[at]) { at += 1 }
        let method = at
        guard (3...OpeningGuess.longestMethod).contains(method), at + 1 < bytes.count, bytes[at] == Ascii.space else {
            return
        }
        let first = bytes[at + 1]
        // The last is the `h` of `http://`.
        guard first == Ascii.slash || first == Ascii.asterisk || first == 0x68 else { return }
        while at < bytes.count, bytes[at] != Ascii.lf { at += 1 }
        if at < bytes.count, !OpeningGuess.endsWithVersion(bytes, at) { return }
        let isHead = method == 4 && bytes[0] == 0x48 && bytes[1] == 0x45 && bytes[2] == 0x41 && bytes[3] == 0x44
        self = isHead ? .headRequest : .request
    }

    private static func isOfMethod(_ byte: UInt8) -> Bool { 0x41...0x5a ~= byte || byte == 0x2d }

    /// ` HTTP/1.` and a digit in front of the line's end.
    private static func endsWithVersion(_ bytes: Span<UInt8>, _ lineEnd: Int) -> Bool {
        let end = lineEnd > 0 && bytes[lineEnd - 1] == Ascii.cr ? lineEnd - 1 : lineEnd
        let version: InlineArray<8, UInt8> = [0x20, 0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e]
        guard end > version.count, 0x30...0x39 ~= bytes[end - 1] else { return false }
        for place in 0..<version.count where bytes[end - 1 - version.count + place] != version[place] { return false }
        return true
    }
}
