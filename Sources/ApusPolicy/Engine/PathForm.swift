internal import ApusWire

/// The two forms in which a path is held against the prefixes of rules, and the paths that have none.
///
/// Servers differ in what they take for the same path: some join slashes, some take `%2f` or `\` for one, some drop what follows
/// `;`, some decode twice. Apus does not know which one is behind it, and passes the path on as it came. So there are two forms: as
/// it was *sent*, with unreserved characters decoded (RFC 3986 §6.2.2.2), and *unified*, as the most generous server would read it.
/// A rule that takes away looks at both, and one that gives wants both. A path that climbs by `.` or `..`, in whatever spelling, is
/// not interpreted: where it leads is for the server to say.
package enum PathForm {
    /// What is known of a question's path.
    enum Kind: UInt8 {
        case unread
        /// Both forms are the path as it came.
        case usual
        /// Both forms were written.
        case written
        /// It has a segment `.` or `..`, a NUL, or a slash in disguise behind `;`: no prefix that gives takes it.
        case climbing
    }

    /// A slash that was sent as a triplet, in the form as sent: `%2f` in a prefix stands for a slash in either spelling.
    static let eitherSlash: UInt8 = 0xff

    /// Where the path ends and the query begins, and whether one of its forms may differ from what came.
    static func measure(_ path: Span<UInt8>) -> (end: Int, isUnusual: Bool) {
        var isUnusual = path.isEmpty || path[0] != Ascii.slash
        var before: UInt8 = 0
        for index in path.indices {
            let byte = path[index]
            if (byte | 0x20) &- UInt8(ascii: "a") >= 26 {
                if byte == Ascii.question { return (index, isUnusual) }
                if byte == percent || byte == Ascii.semicolon || byte == backslash || byte >= 0x80 { isUnusual = true }
                if before == Ascii.slash && (byte == Ascii.dot || byte == Ascii.slash) { isUnusual = true }
            }
            before = byte
        }
        return (path.count, isUnusual)
    }

    /// Replaces the outputs with the forms of a path; an empty path is `/` (RFC 9110 §4.2.3).
    /// - Returns: whether it climbs, so that the forms say nothing.
    static func write(
        _ path: Span<UInt8>,
        to end: Int,
        sent: inout [UInt8],
        unified: inout [UInt8]
    ) -> Bool {
        let climbs = unify(path, to: end, into: &unified)
        send(path, to: end, into: &sent)
        if sent.isEmpty { sent.append(Ascii.slash) }
        if unified.isEmpty { unified.append(Ascii.slash) }
        return climbs
    }

    /// A prefix from a rule in both forms; its dots stay, for they may be the beginning of a name.
    package static func prefix(_ text: String) -> (sent: [UInt8], unified: [UInt8]) {
        let bytes = Array(text.utf8)
        var sent: [UInt8] = []
        var unified: [UInt8] = []
        send(bytes.span, to: bytes.count, into: &sent)
        _ = unify(bytes.span, to: bytes.count, into: &unified)
        return (sent, unified)
    }

    /// Whether a byte of a form as sent is the one that a prefix has there.
    @inline(__always)
    package static func isSame(_ byte: UInt8, as wanted: UInt8) -> Bool {
        byte == wanted || (wanted == eitherSlash && byte == Ascii.slash)
    }

    /// Whether a prefix ends in a scope of npm, as `/@team`, so that it is the beginning of other scopes too.
    package static func isOpenScope(_ text: String) -> Bool {
        let last = prefix(text).unified.split(separator: Ascii.slash, omittingEmptySubsequences: false).last
        return last?.first == Ascii.at
    }

    private static let percent = UInt8(ascii: "%")
    private static let backslash = UInt8(ascii: "\\")

    /// Replaces the output with a path as it was sent: unreserved characters decoded, other triplets in upper case, what is not
    /// ASCII as triplets.
    private static func send(_ path: Span<UInt8>, to end: Int, into output: inout [UInt8]) {
        output.removeAll(keepingCapacity: true)
        var index = 0
        while index < end {
            let byte = path[index]
            guard byte == percent, index + 2 < end, let decoded = triplet(path[index + 1], path[index + 2]) else {
                if byte < 0x80 { output.append(byte) } else { encode(byte, into: &output) }
                index += 1
                continue
            }
            if isUnreserved(decoded) {
                output.append(decoded)
            } else if decoded == Ascii.slash {
                output.append(eitherSlash)
            } else {
                encode(decoded, into: &output)
            }
            index += 3
        }
    }

    /// Replaces the output with a path as the most generous server reads it: decoded until nothing changes, `\` a slash, neither
    /// parameters (`;…`) nor empty segments.
    /// - Returns: whether it climbs.
    private static func unify(_ path: Span<UInt8>, to end: Int, into output: inout [UInt8]) -> Bool {
        output.removeAll(keepingCapacity: true)
        var climbs = false
        var hasParameter = false
        for index in 0..<end {
            if path[index] == Ascii.slash {
                hasParameter = false
                output.append(Ascii.slash)
                continue
            }
            let byte = decodeLast(appending: path[index], to: &output)
            if byte == Ascii.semicolon { hasParameter = true }
            // Whether such a slash ends the parameter depends on what a server does first.
            if hasParameter && (byte == Ascii.slash || byte == backslash) { climbs = true }
            if byte == 0 { climbs = true }
        }
        return join(&output) || climbs
    }

    /// Appends a byte, and decodes the triplets that it completes: `%2` and then `%35` are `%25`, which is `%`.
    /// - Returns: what is last now.
    private static func decodeLast(appending byte: UInt8, to output: inout [UInt8]) -> UInt8 {
        output.append(byte)
        var last = byte
        while output.count >= 3, output[output.count - 3] == percent,
            let decoded = triplet(output[output.count - 2], last)
        {
            output.removeLast(3)
            output.append(decoded)
            last = decoded
        }
        return last
    }

    /// Makes every run of slashes one, of either kind, and drops parameters.
    /// - Returns: whether there is a segment `.` or `..`, if only for who takes a decoded `?` or `#` for its end.
    private static func join(_ output: inout [UInt8]) -> Bool {
        var climbs = false
        var count = 0
        var segment = 0
        var isParameter = false
        for index in output.indices {
            let byte = output[index] == backslash ? Ascii.slash : output[index]
            if byte == Ascii.slash || byte == Ascii.question || byte == Ascii.hash {
                climbs = climbs || isDots(output, segment..<count)
            }
            if byte == Ascii.slash {
                isParameter = false
                if count == 0 || output[count - 1] != Ascii.slash {
                    output[count] = byte
                    count += 1
                }
                segment = count
            } else if byte == Ascii.semicolon {
                isParameter = true
            } else if !isParameter {
                output[count] = byte
                count += 1
            }
        }
        climbs = climbs || isDots(output, segment..<count)
        output.removeLast(output.count - count)
        return climbs
    }

    private static func isDots(_ output: [UInt8], _ segment: Range<Int>) -> Bool {
        guard segment.count == 1 || segment.count == 2 else { return false }
        return output[segment.lowerBound] == Ascii.dot && output[segment.upperBound - 1] == Ascii.dot
    }

    /// The byte that two hexadecimal digits are.
    private static func triplet(_ high: UInt8, _ low: UInt8) -> UInt8? {
        let high = ByteClass.hexValue(high)
        let low = ByteClass.hexValue(low)
        return high < 16 && low < 16 ? high << 4 | low : nil
    }

    private static func encode(_ byte: UInt8, into output: inout [UInt8]) {
        output.append(percent)
        output.append(digit(byte >> 4))
        output.append(digit(byte & 15))
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 26 || ByteClass.isDigit(byte) || byte == UInt8(ascii: "-") || byte == Ascii.dot
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? Ascii.zero + value : UInt8(ascii: "A") + value - 10
    }
}
