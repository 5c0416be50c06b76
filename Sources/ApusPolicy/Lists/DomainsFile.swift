import ApusWire

/// The reader of ``HostListFormat/domains``.
enum DomainsFile {
    static func read(_ bytes: Span<UInt8>) -> HostListReading {
        var reading = HostListReading()
        var lines = TextLines()
        while let line = lines.next(bytes) {
            if isComment(bytes, line) { continue }
            let text = TextLines.part(bytes, line, before: Ascii.hash)
            let word = TextLines.word(bytes, text)
            guard word == text else {
                reading.skip(.extraText, line: lines.number)
                continue
            }
            let start = word.lowerBound
            if word.count > 2, bytes[start] == Ascii.asterisk, bytes[start + 1] == Ascii.dot {
                reading.add(bytes, start + 2..<word.upperBound, .under, line: lines.number)
            } else {
                let isDotted = word.count > 1 && bytes[start] == Ascii.dot
                reading.add(bytes, start + (isDotted ? 1 : 0)..<word.upperBound, [.name, .under], line: lines.number)
            }
        }
        return reading
    }

    private static func isComment(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        guard let start = line.first else { return true }
        switch bytes[start] {
        case Ascii.hash, Ascii.semicolon, UInt8(ascii: "!"): return true
        case Ascii.slash: return line.count > 1 && bytes[start + 1] == Ascii.slash
        default: return false
        }
    }
}
