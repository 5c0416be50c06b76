internal import ApusPolicy

/// The text of a file as YAML takes it: valid UTF-8 without control characters, and where a line and a column are in it.
struct DocumentText {
    let file: String
    let text: String

    /// Judges the bytes; a byte order mark in front is skipped.
    init(file: String, bytes: [UInt8]) throws(FileFault) {
        self.file = file
        let bytes = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FileFault(Self.firstInvalid(file, bytes), "these bytes are no UTF-8; save the file as UTF-8")
        }
        self.text = text
        var counter = Counter()
        for scalar in text.unicodeScalars {
            if !Self.isAllowed(scalar.value) {
                let code = String(scalar.value, radix: 16, uppercase: true)
                let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
                throw FileFault(
                    SourcePosition(file: file, line: counter.line, column: counter.column),
                    "the character U+\(padded) cannot stand in a file of settings; remove it"
                )
            }
            counter.pass(scalar)
        }
    }

    /// YAML 1.1 §4.1.1, less a byte order mark inside the text.
    private static func isAllowed(_ value: UInt32) -> Bool {
        switch value {
        case 0x09, 0x0a, 0x0d, 0x20...0x7e, 0x85, 0xa0...0xd7ff, 0x10000...0x10ffff: true
        case 0xe000...0xfffd: value != 0xfeff
        default: false
        }
    }

    private static func firstInvalid(_ file: String, _ bytes: [UInt8]) -> SourcePosition {
        var counter = Counter()
        // A character in the file as it should be is no reason to stop at: only one that a decoder had to put there.
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { counter.pass(scalar) }
        return SourcePosition(file: file, line: counter.line, column: counter.column)
    }

    /// A line without its break; empty if there is none of that number.
    func line(_ number: Int) -> String {
        guard let start = index(line: number, column: 1) else { return "" }
        return String(text[start...].prefix { !$0.isNewline })
    }

    private func index(line: Int, column: Int) -> String.Index? {
        var counter = Counter()
        let scalars = text.unicodeScalars
        for index in scalars.indices {
            if counter.line == line && counter.column == column { return index }
            counter.pass(scalars[index])
        }
        return nil
    }

    /// Counts lines as libyaml does: CR LF is one break, and so are NEL, LS and PS.
    private struct Counter {
        var line = 1
        var column = 1
        private var wasReturn = false

        mutating func pass(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x0a where wasReturn: wasReturn = false
            case 0x0a, 0x0d, 0x85, 0x2028, 0x2029:
                wasReturn = scalar.value == 0x0d
                line += 1
                column = 1
            default:
                wasReturn = false
                column += 1
            }
        }
    }
}
