/// How the framing of a chunked body can be wrong (RFC 9112 §7.1). None is repaired: a size that two parsers read
/// differently is how requests are smuggled.
public enum ChunkFault: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// A chunk size that is empty, signed, has a `0x`, or is followed by anything but an extension or CRLF.
    case malformedSize
    /// More digits than allowed, leading zeros counted, or a value of more than 2^63-1.
    case sizeTooLarge
    /// A chunk extension that is not `;name` or `;name=value`, or holds a control character.
    case malformedExtension
    /// The chunk extensions of the message, or of one chunk of a response, exceed their limit.
    case extensionsTooLong
    /// A size line that does not end with exactly CRLF.
    case malformedLineEnd
    /// Chunk data that is not followed by exactly CRLF.
    case malformedDataEnd

    /// What it means when it was a client that sent the body.
    public var requestFault: RequestFault {
        self == .extensionsTooLong ? .chunkExtensionsTooLong : .malformedChunk
    }

    /// What it means when it was a server that sent the body.
    public var responseFault: ResponseFault {
        self == .extensionsTooLong ? .chunkExtensionsTooLong : .malformedChunk
    }
}
