internal import CApusReactor

/// An IPv4 or IPv6 address and a port, without a scope: a link-local IPv6 address cannot be dialled by it.
public struct SocketAddress: Sendable, Hashable, BitwiseCopyable {
    /// The first 64 bits of an IPv6 address in host order; 0 for IPv4.
    public let high: UInt64
    /// The last 64 bits of an IPv6 address in host order, or an IPv4 address in the low 32 bits.
    public let low: UInt64
    /// Whether it is an IPv6 address (an IPv4-mapped one is).
    public let isV6: Bool
    /// The port in host order; 0 asks the kernel for a free one when binding.
    public let port: UInt16

    /// An IPv4 address in host order.
    public init(v4: UInt32, port: UInt16) {
        self.high = 0
        self.low = UInt64(v4)
        self.isV6 = false
        self.port = port
    }

    /// An IPv6 address, both halves in host order.
    public init(high: UInt64, low: UInt64, port: UInt16) {
        self.high = high
        self.low = low
        self.isV6 = true
        self.port = port
    }

    init(_ raw: apus_address) {
        self.high = raw.high
        self.low = raw.low
        self.isV6 = raw.is_v6 != 0
        self.port = raw.port
    }

    var raw: apus_address { apus_address(high: high, low: low, port: port, is_v6: isV6 ? 1 : 0) }
}
