/// The trailer section of a chunked body: the field lines behind the last chunk, and the empty line that ends the
/// message (RFC 9112 §7.1.2).
///
/// It is looked at whole: bytes are kept until the empty line has come, and `limit` bounds them.
public enum TrailerSection {
    /// The default limit of a section, its last CRLF included (HAProxy's and Apache's whole head is half of it).
    public static let defaultLimit = 16 * 1024

    /// What a look at the bytes so far says.
    public enum Scan: Sendable, Equatable {
        /// No fault yet, and no end; show the same bytes with more behind them.
        case incomplete
        /// The section is sound and ends before the offset `end`, behind its empty line.
        case complete(end: Int)
        /// The section must be refused, and the message not be completed.
        case faulty(TrailerFault)
    }

    /// Checks the section that begins at `from`. Field syntax is strict (RFC 9110 §5.1, §5.5): a name is a token, the
    /// colon follows at once, a line ends with exactly CRLF, nothing is folded.
    ///
    /// - Parameter limit: the most bytes the section may take, its empty line included.
    public static func scan(_ bytes: Span<UInt8>, from: Int, limit: Int = defaultLimit) -> Scan {
        let available = min(bytes.count, from + limit)
        var at = from
        while true {
            switch line(bytes, from: at, to: available) {
            case .faulty(let fault): return .faulty(fault)
            case .incomplete: return bytes.count - from >= limit ? .faulty(.tooLarge) : .incomplete
            case .complete(let end):
                if end == at + 2 { return .complete(end: end) }
                at = end
            }
        }
    }

    /// Relays a section that ``scan(_:from:limit:)`` found complete: field lines as they came, but without those that
    /// may not stand in trailers (RFC 9110 §6.5.1), and the empty line.
    ///
    /// Fields that the message's own `Connection` names are the caller's to know; a section is small and none such is
    /// framing.
    ///
    /// - Parameters:
    ///   - range: the section, its empty line included.
    ///   - scratch: where to write.
    ///   - at: the first offset to write to.
    /// - Returns: the offset behind the last byte written, or nil if it does not fit. Never more than was read.
    public static func write(
        _ bytes: Span<UInt8>,
        _ range: ByteRange,
        into scratch: inout MutableSpan<UInt8>,
        at: Int
    ) -> Int? {
        var to = at
        var start = Int(range.start)
        let end = min(Int(range.end), bytes.count)
        while start < end {
            var behind = start
            while behind < end && bytes[behind] != 0x0a { behind += 1 }
            behind = min(behind + 1, end)
            if !ForbiddenTrailer.matches(bytes, from: start, to: behind) {
                guard let next = copy(bytes, start..<behind, to: &scratch, at: to) else { return nil }
                to = next
            }
            start = behind
        }
        return to
    }

    /// One line, from its first byte to behind its LF.
    private static func line(_ bytes: Span<UInt8>, from: Int, to: Int) -> Scan {
        guard from < to else { return .incomplete }
        var at = from
        switch bytes[from] {
        case 0x0d: return lineEnd(bytes, from: from, to: to)
        case 0x0a: return .faulty(.bareLF)
        case 0x20, 0x09: return .faulty(.obsoleteFolding)
        default: break
        }
        while at < to && ByteClass.isToken(bytes[at]) { at += 1 }
        guard at < to else { return .incomplete }
        guard bytes[at] == 0x3a, at > from else {
            return .faulty(at > from && ByteClass.isBlank(bytes[at]) ? .spaceBeforeColon : .malformedFieldName)
        }
        at += 1
        while at < to && ByteClass.isFieldContent(bytes[at]) { at += 1 }
        guard at < to else { return .incomplete }
        switch bytes[at] {
        case 0x0d: return lineEnd(bytes, from: at, to: to)
        case 0x0a: return .faulty(.bareLF)
        default: return .faulty(.malformedFieldValue)
        }
    }

    private static func lineEnd(_ bytes: Span<UInt8>, from: Int, to: Int) -> Scan {
        guard from + 1 < to else { return .incomplete }
        return bytes[from + 1] == 0x0a ? .complete(end: from + 2) : .faulty(.bareCR)
    }
}
