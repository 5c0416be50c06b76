/// An address as the system's resolver gives it.
public struct ResolvedAddress: Sendable, Hashable {
    /// The first 64 bits of an IPv6 address in host order; 0 for IPv4.
    public let high: UInt64
    /// The last 64 bits of an IPv6 address in host order; an IPv4 address is the low 32 bits.
    public let low: UInt64
    /// Which of the two it is.
    public let isV6: Bool

    /// An address from its bits in host order.
    public init(high: UInt64, low: UInt64, isV6: Bool) {
        self.high = high
        self.low = low
        self.isV6 = isV6
    }
}
