/// A text for people, or a word of a protocol, without what could forge a line.
package enum PlainText {
    /// One line without control characters, 500 bytes at most.
    package static func line(_ text: String) throws(ValueFault) -> String {
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw ValueFault("the text has a control character or a line break")
        }
        guard text.utf8.count <= 500 else { throw ValueFault("the text is longer than 500 bytes") }
        return text
    }

    /// A token (RFC 9110 §5.6.2): a method, a field's name, the name of a parent.
    package static func token(_ text: String) throws(ValueFault) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy(isTokenByte) else {
            throw ValueFault("\"\(text)\" is no token; letters, digits, - and _ are safe (RFC 9110 §5.6.2)")
        }
        return text
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
            || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
