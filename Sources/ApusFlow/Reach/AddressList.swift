package import ApusWire

/// Which family is dialled first.
public enum AddressPreference: UInt8, Sendable, BitwiseCopyable {
    /// The family of the resolver's first address, which has applied RFC 6724 (RFC 8305 §4).
    case asResolved
    /// IPv6 before IPv4.
    case v6First
    /// IPv4 before IPv6.
    case v4First
}

/// Up to eight addresses of one host, in order, without an allocation.
package struct AddressList: Sendable, Equatable, BitwiseCopyable {
    /// How many fit; RFC 8305 names no number, and nobody waits for a ninth.
    package static let capacity = 8

    private var high = InlineArray<8, UInt64>(repeating: 0)
    private var low = InlineArray<8, UInt64>(repeating: 0)
    /// One bit an address: set when it is IPv6.
    private var v6: UInt8 = 0
    private var length: UInt8 = 0

    /// No address.
    package init() {}

    /// One address.
    package init(_ address: IPAddress) { append(address) }

    /// The addresses in their order. Of more than eight the tails go, but neither family for the other's sake: a host
    /// with a dozen IPv6 addresses in front is still reached by a machine that only has IPv4.
    package init(_ addresses: [IPAddress]) {
        var v6Count = 0
        for address in addresses where address.family == .v6 { v6Count += 1 }
        let v4Count = addresses.count - v6Count
        var v6Room = min(v6Count, max(Self.capacity / 2, Self.capacity - v4Count))
        var v4Room = Self.capacity - v6Room
        for address in addresses {
            if address.family == .v6 {
                if v6Room > 0 { append(address) }
                v6Room -= 1
            } else {
                if v4Room > 0 { append(address) }
                v4Room -= 1
            }
        }
    }

    /// How many there are.
    package var count: Int { Int(length) }

    /// Whether there is none.
    package var isEmpty: Bool { length == 0 }

    /// The address at a position below ``count``.
    package subscript(position: Int) -> IPAddress {
        v6 & (1 << position) != 0
            ? IPAddress(v6High: high[position], low: low[position])
            : IPAddress(v4: UInt32(truncatingIfNeeded: low[position]))
    }

    /// Adds an address behind the others.
    ///
    /// - Returns: Whether there was room.
    @discardableResult
    package mutating func append(_ address: IPAddress) -> Bool {
        guard count < Self.capacity else { return false }
        high[count] = address.high
        low[count] = address.low
        if address.family == .v6 { v6 |= 1 << length }
        length += 1
        return true
    }

    /// The families in turns, each in its own order, one address of the first family at the start (RFC 8305 §4, with a
    /// First Address Family Count of 1).
    package func interleaved(_ preference: AddressPreference) -> AddressList {
        guard length > 1 else { return self }
        var wantsV6 =
            switch preference {
            case .asResolved: v6 & 1 != 0
            case .v6First: true
            case .v4First: false
            }
        let all = UInt8(truncatingIfNeeded: (1 << UInt16(length)) - 1)
        var left = (v6: v6 & all, v4: ~v6 & all)
        var ordered = AddressList()
        while left.v6 | left.v4 != 0 {
            let takesV6 = wantsV6 ? left.v6 != 0 : left.v4 == 0
            let position = (takesV6 ? left.v6 : left.v4).trailingZeroBitCount
            ordered.append(self[position])
            if takesV6 { left.v6 &= left.v6 - 1 } else { left.v4 &= left.v4 - 1 }
            wantsV6 = !takesV6
        }
        return ordered
    }

    package static func == (left: AddressList, right: AddressList) -> Bool {
        guard left.length == right.length else { return false }
        for position in 0..<left.count where left[position] != right[position] { return false }
        return true
    }
}
