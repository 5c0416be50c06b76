/// The version of a message as far as HTTP/1 syntax carries it (RFC 9112 §2.3).
public enum HTTPVersion: UInt8, Sendable, BitwiseCopyable {
    /// HTTP/1.0.
    case http10
    /// HTTP/1.1; a higher minor version is taken as 1.1 (RFC 9110 §2.5).
    case http11
}

extension HTTPVersion {
    enum Outcome {
        case version(HTTPVersion)
        case unsupported
        case malformed
    }

    /// Reads `HTTP/` DIGIT `.` DIGIT, which must fill the range.
    @inline(__always)
    static func parse(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Outcome {
        guard end - start == 8 else { return .malformed }
        guard
            bytes[start] == 0x48, bytes[start + 1] == 0x54, bytes[start + 2] == 0x54, bytes[start + 3] == 0x50,
            bytes[start + 4] == Ascii.slash, bytes[start + 6] == Ascii.dot
        else { return .malformed }
        let major = bytes[start + 5]
        let minor = bytes[start + 7]
        guard ByteClass.isDigit(major), ByteClass.isDigit(minor) else { return .malformed }
        guard major == 0x31 else { return .unsupported }
        return .version(minor == Ascii.zero ? .http10 : .http11)
    }
}
