import ApusWire

/// A further field of one of the proxy's own answers, such as `Allow` or `Retry-After`.
public struct FieldLine: Sendable, Equatable {
    /// The name: the caller's own word.
    public var name: String
    /// The value. A control character in it becomes a space, so that it cannot end the line.
    public var value: String

    /// Makes a line.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Appends the line with its CRLF; nothing when the name is not a token.
    func write(into bytes: inout [UInt8]) {
        guard StructuredField.isToken(name) else { return }
        bytes.append(contentsOf: name.utf8)
        bytes.write(text: ": ")
        for byte in value.utf8 { bytes.append(byte < 0x20 || byte == 0x7f ? 0x20 : byte) }
        bytes.write(text: "\r\n")
    }
}
