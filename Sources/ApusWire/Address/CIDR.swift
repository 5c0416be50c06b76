/// A block of addresses: a network address and how many of its leading bits count (RFC 4632 §3.1, RFC 4291 §2.3).
public struct CIDR: Sendable, Hashable {
    /// The network's address; the bits behind the prefix are 0. Never a v4-mapped one.
    public let address: IPAddress
    /// How many leading bits count: 0...32 for IPv4, 0...128 for IPv6.
    public let prefixLength: Int

    /// Makes a block; a v4-mapped one of at least 96 bits becomes the IPv4 block it means.
    /// - Returns: nil if the length is out of range or a bit behind the prefix is set.
    public init?(_ address: IPAddress, prefixLength: Int) {
        let width = address.family == .v4 ? 32 : 128
        guard (0...width).contains(prefixLength), CIDR.network(of: address, prefixLength) == address else { return nil }
        let mapped = address.isMapped && prefixLength >= 96
        self.address = mapped ? address.unmapped : address
        self.prefixLength = mapped ? prefixLength - 96 : prefixLength
    }

    /// The block of a single address.
    public init(_ address: IPAddress) {
        self.address = address.unmapped
        prefixLength = self.address.family == .v4 ? 32 : 128
    }

    /// Whether the address lies in the block; a v4-mapped address is compared as the IPv4 address it means.
    public func contains(_ address: IPAddress) -> Bool {
        let other = address.unmapped
        guard other.family == self.address.family else { return false }
        return CIDR.network(of: other, prefixLength) == self.address
    }

    /// Whether it is `0.0.0.0/0` or `::/0`.
    public var isEverything: Bool { prefixLength == 0 }

    /// The address with the bits behind the prefix cleared.
    static func network(of address: IPAddress, _ prefixLength: Int) -> IPAddress {
        switch address.family {
        case .v4:
            // A shift of 32 or 64 clears all bits: Swift's `<<` is exact for overshifts.
            let mask = UInt32.max << UInt32(32 - prefixLength)
            return IPAddress(v4: UInt32(truncatingIfNeeded: address.low) & mask)
        case .v6:
            let high = UInt64.max << UInt64(max(64 - prefixLength, 0))
            let low = UInt64.max << UInt64(min(128 - prefixLength, 64))
            return IPAddress(v6High: address.high & high, low: address.low & low)
        }
    }
}

extension CIDR: CustomStringConvertible {
    /// `10.0.0.0/8`; the address in the form of RFC 5952.
    public var description: String { "\(address)/\(prefixLength)" }
}
