/// How a message body ends (RFC 9112 §6.3).
public enum BodyFraming: Sendable, Equatable, BitwiseCopyable {
    /// There is no body.
    case none
    /// So many bytes follow; never 0.
    case length(UInt64)
    /// The chunked transfer coding frames it.
    case chunked
    /// It ends with the connection; responses only.
    case untilClose
}

/// What Content-Length and Transfer-Encoding of one head say, gathered line by line.
///
/// This is the one place where framing is decided, for requests and responses (RFC 9112 §6.1 to §6.3).
struct FramingFields {
    private(set) var length: UInt64?
    private(set) var lengthLines = 0
    private(set) var codingLines = 0
    /// Content-Length was no number, or a list that a request may not bear.
    private(set) var malformedLength = false
    private(set) var repeatedLength = false
    private(set) var differingLengths = false
    private(set) var coding = Coding.none

    enum Coding {
        case none, chunked
        /// Codings that are well-formed and end in chunked, but are not chunked alone.
        case unknownBeforeChunked
        /// Codings that are well-formed and do not end in chunked.
        case unknown
        case malformed
    }

    /// Reads one Content-Length line: digits, or a list of equal digits.
    mutating func addLength(_ bytes: Span<UInt8>, _ value: ByteRange) {
        lengthLines += 1
        if lengthLines > 1 { repeatedLength = true }
        var tokens = ListElements(value)
        var seen = 0
        while let element = tokens.next(bytes) {
            seen += 1
            guard !element.isEmpty, let number = FramingFields.number(bytes, element) else {
                malformedLength = true
                return
            }
            if let length, length != number { differingLengths = true }
            length = number
        }
        if seen > 1 { repeatedLength = true }
        if seen == 0 { malformedLength = true }
    }

    /// Reads one Transfer-Encoding line; several are one list (RFC 9110 §5.3), of which only `chunked` alone is
    /// understood (RFC 9112 §7).
    mutating func addCoding(_ bytes: Span<UInt8>, _ value: ByteRange) {
        codingLines += 1
        var elements = ListElements(value)
        while let element = elements.next(bytes) {
            let isChunked = FramingFields.isChunked(bytes, element)
            switch coding {
            case .none where isChunked: coding = .chunked
            case .unknown where isChunked: coding = .unknownBeforeChunked
            case .none, .unknown: coding = FramingFields.isCoding(bytes, element) ? .unknown : .malformed
            // Nothing may follow chunked, not even itself (RFC 9112 §6.1).
            case .chunked, .unknownBeforeChunked, .malformed: coding = .malformed
            }
        }
    }

    @inline(__always)
    private static func isChunked(_ bytes: Span<UInt8>, _ range: ByteRange) -> Bool {
        guard range.count == 7 else { return false }
        var packed: UInt64 = 0
        for i in range.range { packed = packed &<< 8 | UInt64(ByteClass.lowercased(bytes[i])) }
        return packed == 0x63_6875_6e6b_6564
    }

    /// `token *( OWS ";" ...)`: what stands in parameters does not matter, as no coding that has them is understood.
    private static func isCoding(_ bytes: Span<UInt8>, _ range: ByteRange) -> Bool {
        var at = Int(range.start)
        let end = Int(range.end)
        while at < end, ByteClass.isToken(bytes[at]) { at += 1 }
        guard at > range.start else { return false }
        while at < end, ByteClass.isBlank(bytes[at]) { at += 1 }
        return at == end || bytes[at] == Ascii.semicolon
    }

    @inline(__always)
    private static func number(_ bytes: Span<UInt8>, _ range: ByteRange) -> UInt64? {
        // 18 digits stay below 2^63; leading zeros count towards them.
        guard range.count <= 18 else { return nil }
        var value: UInt64 = 0
        for i in range.range {
            guard ByteClass.isDigit(bytes[i]) else { return nil }
            value = value &* 10 &+ UInt64(bytes[i] &- Ascii.zero)
        }
        return value
    }
}

extension FramingFields {
    /// The framing of a request (RFC 9112 §6.3): nothing is repaired.
    func request(_ version: HTTPVersion) throws(RequestFault) -> BodyFraming {
        if codingLines > 0 {
            if lengthLines > 0 { throw .lengthWithTransferEncoding }
            if version == .http10 { throw .transferEncodingInHTTP10 }
            switch coding {
            case .chunked: return .chunked
            case .unknownBeforeChunked: throw .unknownTransferCoding
            case .none, .unknown, .malformed: throw .malformedTransferEncoding
            }
        }
        if malformedLength { throw .malformedContentLength }
        if repeatedLength { throw .repeatedContentLength }
        guard let length, length > 0 else { return .none }
        return .length(length)
    }

    /// The framing of a response, when its request and status allow a body (RFC 9112 §6.3).
    func response(_ version: HTTPVersion) throws(ResponseFault) -> BodyFraming {
        if codingLines > 0 {
            if lengthLines > 0 { throw .lengthWithTransferEncoding }
            if version == .http10 { throw .transferEncodingInHTTP10 }
            switch coding {
            case .chunked: return .chunked
            case .unknown, .unknownBeforeChunked: throw .unknownTransferCoding
            case .none, .malformed: throw .malformedTransferEncoding
            }
        }
        if malformedLength { throw .malformedContentLength }
        if differingLengths { throw .differingContentLengths }
        guard let length else { return .untilClose }
        return length == 0 ? .none : .length(length)
    }
}
