/// What is wrong with bytes that were to be SOCKS.
public enum SOCKSFault: UInt8, Error, BitwiseCopyable, Sendable, CaseIterable {
    /// The first byte of a message is not the version that it should be (RFC 1928 §3 and §4, RFC 1929 §2).
    case version
    /// A greeting that offers no method (RFC 1928 §3 wants 1 to 255).
    case noMethods
    /// The byte that is reserved is not 0 (RFC 1928 §4).
    case reserved
    /// A type of address that is neither IPv4, a name nor IPv6 (RFC 1928 §5).
    case addressType
    /// The user id of a SOCKS 4 request is longer than anybody needs.
    case userIDTooLong
    /// The name of a SOCKS 4a request is longer than a name can be.
    case nameTooLong
}
