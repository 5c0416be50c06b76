import ApusWire

/// The head of a request or a response as it was received, secrets redacted: what may be shown to people and stored in files.
///
/// The values of `Authorization`, `Proxy-Authorization`, `Cookie`, `Set-Cookie` and of fields whose names hold a word of
/// ``SecretNames`` are `(redacted)`, and so is userinfo wherever a URL stands. Bytes that are not UTF-8 are read as
/// Latin-1; a tab is shown as a space, other control characters are escaped, as `\u{1b}`.
public struct RecordedHead: Sendable, Equatable {
    /// A field line.
    public struct Field: Sendable, Equatable {
        /// The name, in the sender's own case.
        public var name: String
        /// The value without the white space around it.
        public var value: String

        /// Makes a field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The request line or the status line, without its end.
    public var line: String
    /// The fields in their order.
    public var fields: [Field]
    /// How many bytes the head had as it was received, its empty line included; nil if it is not known.
    public var size: Int?

    /// Reads a head (RFC 9112 §2.1) and redacts it; nil if the bytes are none.
    ///
    /// Reading is lenient, for the head was judged already: it ends with its empty line or with the bytes, a line may end with LF alone,
    /// and a folded line belongs to the value before it.
    ///
    /// - Parameters:
    ///   - redactingQueries: what of queries is shown, as in the log.
    ///   - names: by which words a field's name tells that its value is a secret.
    package init?(_ bytes: [UInt8], redactingQueries: QueryRedaction, names: SecretNames = .standard) {
        var (lines, end) = Self.lines(bytes[...])
        guard !lines.isEmpty else { return nil }
        size = end
        line = SecretLocation.line(Self.firstLine(lines.removeFirst()), redactingQueries: redactingQueries)
        fields = []
        for line in lines {
            let line = Self.unfolded(line)
            guard let colon = line.firstIndex(of: Ascii.colon), colon > line.startIndex else { return nil }
            let name = Self.text(line[..<colon])
            let value = Self.text(Self.trimmed(line[(colon + 1)...]))
            fields.append(
                Field(name, SecretFields.shown(name, value, redactingQueries: redactingQueries, names: names))
            )
        }
    }

    /// Makes a head of what is redacted already.
    public init(line: String, fields: [Field], size: Int? = nil) {
        self.line = line
        self.fields = fields
        self.size = size
    }

    /// What may be shown of a head that was refused as malformed: the first word of its first line and the names of its fields. Where
    /// nobody can tell where a name ends, a secret may stand anywhere.
    public var namesOnly: RecordedHead {
        RecordedHead(
            line: Self.word(line) + " …",
            fields: fields.map { Field(Self.word($0.name), SecretFields.mark) },
            size: size
        )
    }

    /// The token (RFC 9110 §5.6.2) that a text begins with, of a length that words have.
    private static func word(_ text: String) -> String {
        String(text.prefix(40).prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
    }

    /// The values of all fields of this name, in their order.
    ///
    /// - Parameter name: in any case.
    public func values(_ name: String) -> [String] {
        let name = name.lowercased()
        return fields.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The lines of the head, their folds still in them, and where it ends; empty lines before the first are none (RFC 9112 §2.2).
    private static func lines(_ bytes: ArraySlice<UInt8>) -> (lines: [ArraySlice<UInt8>], end: Int) {
        var lines: [ArraySlice<UInt8>] = []
        var rest = bytes
        while !rest.isEmpty {
            let end = rest.firstIndex(of: Ascii.lf) ?? rest.endIndex
            var line = rest[..<end]
            rest = rest[end...].dropFirst()
            if line.last == Ascii.cr { line.removeLast() }
            if line.isEmpty, lines.isEmpty { continue }
            if line.isEmpty { break }
            if ByteClass.isBlank(line[line.startIndex]), lines.count > 1 {
                line = bytes[lines.removeLast().startIndex..<line.endIndex]
            }
            lines.append(line)
        }
        return (lines, rest.startIndex)
    }

    /// A request line with its target as records spell it, or a status line.
    private static func firstLine(_ line: ArraySlice<UInt8>) -> String {
        line.starts(with: "HTTP/".utf8) ? text(line) : text(Array(PathText.text(of: line).utf8)[...])
    }

    /// A line with each fold as spaces (RFC 9112 §5.2).
    private static func unfolded(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard line.contains(Ascii.lf) else { return line }
        return line.map { $0 == Ascii.lf || $0 == Ascii.cr ? Ascii.space : $0 }[...]
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, ByteClass.isBlank(first) { bytes.removeFirst() }
        while let last = bytes.last, ByteClass.isBlank(last) { bytes.removeLast() }
        return bytes
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = bytes.map { $0 == Ascii.tab ? Ascii.space : $0 }
        let text =
            String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        var escaped: [UInt8] = []
        TextEscape.sentence.write(text, into: &escaped)
        return String(decoding: escaped, as: UTF8.self)
    }
}
