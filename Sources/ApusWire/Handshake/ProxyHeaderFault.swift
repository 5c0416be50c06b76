/// What is wrong with bytes that were to be a header of the PROXY protocol.
public enum ProxyHeaderFault: UInt8, Error, BitwiseCopyable, Sendable, CaseIterable {
    /// The bytes begin as neither version does.
    case signature
    /// More than 107 bytes of version 1, or 4 KiB of version 2.
    case tooLong
    /// A line of version 1 that is not made as it should be: words, single spaces, CR LF.
    case line
    /// An address that is none, or of another family than the header says.
    case address
    /// A port that is no number up to 65535, or has leading zeros.
    case port
    /// A version other than 2 behind the signature of version 2.
    case version
    /// A command that is neither LOCAL nor PROXY.
    case command
    /// A family of addresses that is not known.
    case family
    /// A transport that is not that of this connection: a stream.
    case transport
    /// A length that has no room for the addresses, or for what is said behind them.
    case length
    /// A checksum (PP2_TYPE_CRC32C) that does not fit, or stands there twice.
    case checksum
}
