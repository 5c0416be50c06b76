import ApusWire

/// The reader of ``HostListFormat/adblock``.
enum AdblockFile {
    private static let bar = UInt8(ascii: "|")
    private static let caret = UInt8(ascii: "^")
    private static let dollar = UInt8(ascii: "$")
    private static let inclusion = Array("!#include".utf8)
    /// Options that do not restrict which requests to the host a filter is for.
    private static let harmless = ["important", "all", "match-case", "_"].map { Array($0.utf8) }

    static func read(_ bytes: Span<UInt8>) -> HostListReading {
        var reading = HostListReading()
        var lines = TextLines()
        while let line = lines.next(bytes) {
            if isInclusion(bytes, line) { reading.skip(.directive, line: lines.number) }
            if isComment(bytes, line) { continue }
            var start = line.lowerBound
            let isException = starts(bytes, line, with: Ascii.at)
            if isException { start += 2 }
            guard starts(bytes, start..<line.upperBound, with: bar) else {
                // An exception from element hiding begins with its domain, never with `@@`.
                if isException || !isElementHiding(bytes, line) { reading.skip(.notAHost, line: lines.number) }
                continue
            }
            readHost(bytes, start + 2..<line.upperBound, isException, lines.number, into: &reading)
        }
        return reading
    }

    /// What stands behind `||`.
    private static func readHost(
        _ bytes: Span<UInt8>,
        _ pattern: Range<Int>,
        _ isException: Bool,
        _ line: Int,
        into reading: inout HostListReading
    ) {
        var start = pattern.lowerBound
        var scope = HostListEntry.Scope.nameAndUnder
        if pattern.count > 2, bytes[start] == Ascii.asterisk, bytes[start + 1] == Ascii.dot {
            start += 2
            scope = .under
        }
        var end = start
        while end < pattern.upperBound, !endsHost(bytes[end]) { end += 1 }
        guard end < pattern.upperBound, bytes[end] != bar, bytes[end] != dollar else {
            reading.skip(.notAHost, line: line)
            return
        }
        var rest = end + 1
        // `^|` and `^*` say no more than `^`.
        if rest < pattern.upperBound, bytes[rest] == bar || bytes[rest] == Ascii.asterisk { rest += 1 }
        guard bytes[end] == caret, rest == pattern.upperBound || bytes[rest] == dollar else {
            reading.skip(.partOfHost, line: line)
            return
        }
        guard rest == pattern.upperBound || isHarmless(bytes, rest + 1..<pattern.upperBound) else {
            reading.skip(.option, line: line)
            return
        }
        reading.add(bytes, start..<end, scope.marks(isException: isException), line: line)
    }

    private static func endsHost(_ byte: UInt8) -> Bool {
        switch byte {
        case caret, bar, dollar, Ascii.slash, Ascii.asterisk, Ascii.colon, Ascii.question: true
        default: false
        }
    }

    private static func isHarmless(_ bytes: Span<UInt8>, _ options: Range<Int>) -> Bool {
        var start = options.lowerBound
        while true {
            var end = start
            while end < options.upperBound, bytes[end] != Ascii.comma { end += 1 }
            let option = TextLines.trimmed(bytes, start..<end)
            guard harmless.contains(where: { TextLines.equals(bytes, option, $0) }) else { return false }
            guard end < options.upperBound else { return true }
            start = end + 1
        }
    }

    private static func starts(_ bytes: Span<UInt8>, _ range: Range<Int>, with byte: UInt8) -> Bool {
        range.count >= 2 && bytes[range.lowerBound] == byte && bytes[range.lowerBound + 1] == byte
    }

    /// A blank line, `! a comment`, `# a comment`, `##.element`, the head `[Adblock Plus 2.0]`.
    private static func isComment(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        guard let start = line.first else { return true }
        let first = bytes[start]
        return first == UInt8(ascii: "!") || first == Ascii.hash || first == Ascii.leftBracket
    }

    /// `!#include other.txt`: what stands in the other file is not in the list.
    private static func isInclusion(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        let word = TextLines.word(bytes, line)
        return TextLines.equals(bytes, word, inclusion)
    }

    /// `example.org##.ad` and its kin: `#@#`, `#?#`, `#$#`, `#%#`, and `$$` for what is taken out of pages.
    private static func isElementHiding(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        for index in line.dropLast() {
            let next = bytes[index + 1]
            if bytes[index] == Ascii.hash {
                switch next {
                case Ascii.hash, Ascii.at, Ascii.question, dollar, UInt8(ascii: "%"): return true
                default: continue
                }
            }
            if bytes[index] == dollar, next == dollar { return true }
        }
        return false
    }
}
