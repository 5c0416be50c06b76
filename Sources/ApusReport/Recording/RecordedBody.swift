/// The beginning of a body, as far as it was recorded. Transfer codings are removed, content codings are not.
public struct RecordedBody: Sendable, Equatable {
    /// The bytes from the beginning on.
    public var bytes: [UInt8]
    /// How many bytes the body had in all.
    public var total: UInt64

    /// Makes a body.
    public init(bytes: [UInt8], total: UInt64) {
        self.bytes = bytes
        self.total = total
    }

    /// Whether there was more than was recorded.
    public var isTruncated: Bool { UInt64(bytes.count) < total }

    /// The content as text; nil if it is no UTF-8. A character that was cut in two at its end is left out.
    public var text: String? {
        for cut in 0...(isTruncated ? min(3, bytes.count) : 0) {
            if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
        }
        return nil
    }

    /// The content in base64 (RFC 4648 §4).
    public var base64: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= 8 * UInt32(3 - group.count)
            for place in 0..<4 {
                text.append(place > group.count ? 0x3d : alphabet[Int(bits >> UInt32(18 - 6 * place)) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
