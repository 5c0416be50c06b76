public import ApusWire

/// In which form the proxy's own answers are written.
public enum ReplyFormat: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// `text/plain`: the default, and what curl's `*/*` gets.
    case text
    /// `text/html`, for browsers.
    case html
    /// `application/problem+json` (RFC 9457), also for those who ask for `application/json`.
    case json

    /// The media type for `Content-Type`.
    public var mediaType: StaticString {
        switch self {
        case .text: "text/plain; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        case .json: "application/problem+json"
        }
    }

    /// Chooses by an `Accept` field's value (RFC 9110 §12.5.1): the highest quality wins; among equals what is named
    /// over a wildcard, then what is named first. An answer that explains a fault is never withheld: when nothing is
    /// acceptable, or the field is missing or malformed, the form is ``text``.
    ///
    /// - Parameter range: the value in `bytes`; empty when there is no such field.
    public static func choose(_ bytes: Span<UInt8>, _ range: ByteRange) -> ReplyFormat {
        var best = Score.none
        var form = ReplyFormat.text
        for candidate in allCases {
            let score = candidate.score(bytes, range)
            if score.isBetter(than: best) {
                best = score
                form = candidate
            }
        }
        return form
    }

    /// A guess by the first words of an `Accept` value, for each request that is served: browsers begin with
    /// `text/html`, programs with the one type they want.
    public static func glance(_ bytes: Span<UInt8>, _ range: ByteRange) -> ReplyFormat {
        func begins(_ word: StaticString) -> Bool {
            guard range.count >= word.utf8CodeUnitCount else { return false }
            var at = Int(range.start)
            for byte in word.description.utf8 {
                guard bytes[at] == byte else { return false }
                at += 1
            }
            return true
        }
        switch bytes[Int(range.start)] {
        case UInt8(ascii: "t"): return begins("text/html") ? .html : .text
        case UInt8(ascii: "a"): return begins("application/json") || begins("application/problem+json") ? .json : .text
        default: return .text
        }
    }

    /// How well the field likes a form.
    private struct Score {
        /// In thousandths.
        var quality: Int
        /// 3 named, 2 by its type, 1 by `*/*`, 0 not at all.
        var specificity: Int
        var position: Int

        static let none = Score(quality: 0, specificity: 0, position: 0)

        func isBetter(than other: Score) -> Bool {
            // What is refused by q=0 is not better than nothing, however precisely it is named.
            guard quality > 0, quality >= other.quality else { return false }
            if quality != other.quality { return true }
            if specificity != other.specificity { return specificity > other.specificity }
            return specificity == 3 && position < other.position
        }
    }

    /// The quality of the most specific media range that covers this form.
    private func score(_ bytes: Span<UInt8>, _ range: ByteRange) -> Score {
        var score = Score.none
        var start = Int(range.start)
        let end = min(Int(range.end), bytes.count)
        var position = 0
        while start < end {
            var comma = start
            while comma < end && bytes[comma] != 0x2c { comma += 1 }
            let member = MediaRange(bytes, from: start, to: comma)
            let specificity = member.specificity(for: self, bytes)
            if specificity > score.specificity {
                score = Score(quality: member.quality, specificity: specificity, position: position)
            }
            position += 1
            start = comma + 1
        }
        return score
    }
}
