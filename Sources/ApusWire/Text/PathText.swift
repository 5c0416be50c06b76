/// The path and query of a request as text: bytes beyond ASCII stand in it as `%XX`, as whoever decides by them takes them, so that one
/// path has one spelling wherever it is shown (RFC 3986 §2.1).
package enum PathText {
    /// Makes the text.
    package static func text(of bytes: some Collection<UInt8>) -> String {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return String(decoding: bytes, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + 32)
        for byte in bytes {
            guard byte >= 0x80 else {
                text.append(byte)
                continue
            }
            text.append(Ascii.percent)
            for digit in [byte >> 4, byte & 15] { text.append(digit < 10 ? 0x30 + digit : 0x37 + digit) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
