/// What is wrong with bytes that begin as a TLS handshake does, and are no ClientHello that a server would take.
public enum ClientHelloFault: UInt8, Error, BitwiseCopyable, Sendable, CaseIterable {
    /// The message, or what it says of its own length, is more than the limit.
    case tooLarge
    /// It lies in more records than anybody needs.
    case tooManyRecords
    /// A record without a byte, or with more than 2^14 (RFC 8446 §5.1).
    case recordLength
    /// A record of another kind or version before the message was whole.
    case otherRecord
    /// A handshake message that is no ClientHello.
    case otherMessage
    /// A length that does not fit what it stands in, or is out of the range of its field (RFC 8446 §4.1.2).
    case structure
    /// An extension that stands there twice (RFC 8446 §4.2): two readers could take either.
    case repeatedExtension
    /// A server_name extension that is not exactly one host name (RFC 6066 §3).
    case serverNameList
    /// A host name that is none, or ends with a dot (RFC 6066 §3).
    case serverName
}
