extension IPAddress: CustomStringConvertible {
    /// The address as text: a dotted quad, or IPv6 in the form of RFC 5952, without brackets.
    ///
    /// A v4-mapped address is written with its dotted quad (RFC 5952 §5): `::ffff:192.0.2.1`.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(40)
        write(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the bytes of ``description``, at most 39.
    public func write(to output: inout [UInt8]) { spell { output.append($0) } }

    /// Shows the bytes of ``description``, at most 39, one by one.
    public func spell(_ output: (UInt8) -> Void) {
        if family == .v4 { return IPAddress.spellQuad(UInt32(truncatingIfNeeded: low), output) }
        if isMapped {
            output(UInt8(ascii: ":"))
            output(UInt8(ascii: ":"))
            IPAddress.spellGroup(0xffff, output)
            output(UInt8(ascii: ":"))
            return IPAddress.spellQuad(UInt32(truncatingIfNeeded: low), output)
        }
        let zeros = longestZeroRun
        var index = 0
        while index < 8 {
            if index == zeros.lowerBound, !zeros.isEmpty {
                output(UInt8(ascii: ":"))
                output(UInt8(ascii: ":"))
                index = zeros.upperBound
                continue
            }
            if index > 0, index != zeros.upperBound || zeros.isEmpty { output(UInt8(ascii: ":")) }
            IPAddress.spellGroup(group(index), output)
            index += 1
        }
    }

    /// One of the eight groups of 16 bits, from the left.
    private func group(_ index: Int) -> UInt16 {
        let half = index < 4 ? high : low
        return UInt16(truncatingIfNeeded: half >> UInt64(16 * (3 - index & 3)))
    }

    /// The first of the longest runs of at least two zero groups (RFC 5952 §4.2); empty if there is none.
    private var longestZeroRun: Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0..<8 {
            if group(index) != 0 {
                start = index + 1
            } else if index + 1 - start > max(best.count, 1) {
                best = start..<index + 1
            }
        }
        return best
    }

    private static func spellQuad(_ bits: UInt32, _ output: (UInt8) -> Void) {
        for place in 0..<4 {
            if place > 0 { output(UInt8(ascii: ".")) }
            let octet = UInt8(truncatingIfNeeded: bits >> UInt32(24 - 8 * place))
            if octet >= 100 { output(UInt8(ascii: "0") + octet / 100) }
            if octet >= 10 { output(UInt8(ascii: "0") + octet / 10 % 10) }
            output(UInt8(ascii: "0") + octet % 10)
        }
    }

    private static func spellGroup(_ group: UInt16, _ output: (UInt8) -> Void) {
        var shift: UInt16 = 12
        while shift > 0, group >> shift == 0 { shift -= 4 }
        while true {
            let digit = UInt8(truncatingIfNeeded: group >> shift & 15)
            output(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            if shift == 0 { return }
            shift -= 4
        }
    }
}
