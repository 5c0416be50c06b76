/// An IPv4 or IPv6 address as a value: what rules judge and what is dialled.
public struct IPAddress: Sendable, Hashable, BitwiseCopyable {
    /// The family, which decides how many of the 128 bits count.
    public enum Family: UInt8, Sendable, BitwiseCopyable {
        case v4, v6
    }

    /// The first 64 bits of an IPv6 address in host order; 0 for IPv4.
    public let high: UInt64
    /// The last 64 bits of an IPv6 address in host order; an IPv4 address is the low 32 bits.
    public let low: UInt64
    /// Which of the two it is.
    public let family: Family

    /// An IPv4 address from its 32 bits in host order (127.0.0.1 is 0x7f000001).
    public init(v4 bits: UInt32) {
        high = 0
        low = UInt64(bits)
        family = .v4
    }

    /// An IPv6 address from its two halves in host order (::1 is 0 and 1).
    public init(v6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        family = .v6
    }
}
