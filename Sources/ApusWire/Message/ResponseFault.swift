/// Every way a server's response can be wrong.
///
/// None is repaired. While no byte of the response has left, the client gets a 502 that names the fault; after that its
/// connection is closed short, so that it sees the response as cut (RFC 9112 §8).
public enum ResponseFault: UInt8, Sendable, CaseIterable {
    /// Not `HTTP-version SP status SP [reason]` (RFC 9112 §4).
    case malformedStatusLine
    /// A version other than 1.x (RFC 9112 §2.3).
    case unsupportedVersion
    /// A status outside 100 to 599 (RFC 9110 §15).
    case statusOutOfRange
    /// The whole head exceeds its limit.
    case headTooLarge
    /// One line of the head exceeds its limit.
    case fieldLineTooLong
    /// More field lines than allowed.
    case tooManyFields
    /// A field name is not a token, or there is no colon (RFC 9112 §5).
    case malformedFieldName
    /// A control character in a field value (RFC 9110 §5.5).
    case malformedFieldValue
    /// A field value continued on the next line (RFC 9112 §5.2).
    case obsoleteFolding
    /// A CR that no LF follows (RFC 9112 §2.2).
    case bareCR
    /// An LF that no CR precedes (RFC 9112 §2.2).
    case bareLF
    /// White space before the first field line (RFC 9112 §2.2).
    case leadingSpace
    /// Content-Length is not 1*DIGIT, or overflows (RFC 9110 §8.6).
    case malformedContentLength
    /// Content-Length values that differ (RFC 9112 §6.3).
    case differingContentLengths
    /// Content-Length beside Transfer-Encoding (RFC 9112 §6.3).
    case lengthWithTransferEncoding
    /// A transfer coding other than chunked (RFC 9112 §7).
    case unknownTransferCoding
    /// Transfer-Encoding is malformed (RFC 9112 §6.1).
    case malformedTransferEncoding
    /// Transfer-Encoding in an HTTP/1.0 response (RFC 9112 §6.1).
    case transferEncodingInHTTP10
    /// Chunked framing is wrong (RFC 9112 §7.1).
    case malformedChunk
    /// Chunk extensions exceed their limit (RFC 9112 §7.1.1).
    case chunkExtensionsTooLong
    /// The trailer section exceeds its limit.
    case trailersTooLarge
    /// A trailer field line is malformed (RFC 9112 §7.1.2).
    case malformedTrailer
    /// A 101 that was not asked for, or to a protocol that was not (RFC 9110 §7.8).
    case unrequestedUpgrade
    /// An interim response that claims content (RFC 9110 §15.2).
    case contentBeforeFinal
    /// Bytes before a request or behind a response (RFC 9112 §9.2).
    case unexpectedBytes
    /// The connection ended within the head (RFC 9112 §8).
    case incompleteHead
    /// The connection ended within the content (RFC 9112 §8).
    case incompleteBody
    /// The connection ended before the first byte of a response.
    case noResponse
}

extension ResponseFault {
    /// The status of the answer to the client: always 502 (RFC 9110 §15.6.3).
    public var status: UInt16 { 502 }

    /// The error type for Proxy-Status (RFC 9209 §2.3).
    public var proxyErrorType: ProxyErrorType {
        switch self {
        case .headTooLarge, .tooManyFields:
            .httpResponseHeaderSectionSize
        case .fieldLineTooLong:
            .httpResponseHeaderSize
        case .unknownTransferCoding, .malformedTransferEncoding:
            .httpResponseTransferCoding
        case .trailersTooLarge:
            .httpResponseTrailerSectionSize
        case .unrequestedUpgrade:
            .httpUpgradeFailed
        case .incompleteHead, .incompleteBody:
            .httpResponseIncomplete
        case .noResponse:
            .connectionTerminated
        default:
            .httpProtocolError
        }
    }
}
