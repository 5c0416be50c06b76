/// Host names as bytes: what is accepted, and the one form that rules and look-ups see.
///
/// A name is letters, digits, `-`, `_` and dots. That is less than the reg-name of RFC 3986 §3.2.2 allows and more than
/// the host names of RFC 1123 §2.1: underscores are in use.
package enum HostName {
    /// The longest name in its text form (RFC 1035 §2.3.4: 255 octets on the wire).
    package static let longestName = 253
    /// The longest label (RFC 1035 §2.3.4).
    package static let longestLabel = 63

    /// Judges a host without brackets and port; one trailing dot is accepted.
    ///
    /// A strict dotted quad passes. IPv6 text does not: it belongs in brackets and is read by ``IPAddress``.
    /// - Returns: nil if the host may be used.
    package static func check(_ bytes: Span<UInt8>, _ range: Range<Int>) -> HostFault? {
        guard !range.isEmpty else { return .empty }
        let name = withoutTrailingDot(bytes, range)
        var labelStart = name.lowerBound
        for index in name {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                if index == labelStart { return emptyLabel(bytes, index, range) }
                if index - labelStart > longestLabel { return .labelTooLong }
                labelStart = index + 1
            } else if !isNameByte(byte) {
                return fault(of: byte)
            }
        }
        if labelStart == name.upperBound { return name.isEmpty ? .emptyLabel : .trailingDots }
        if name.upperBound - labelStart > longestLabel { return .labelTooLong }
        if name.count > longestName { return .tooLong }
        return IPAddress.looksLikeLegacyIPv4(bytes, range) ? .legacyIPv4 : nil
    }

    /// The range without one trailing dot: `example.com.` and `example.com` are one host.
    package static func withoutTrailingDot(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard let last = range.last, bytes[last] == UInt8(ascii: ".") else { return range }
        return range.lowerBound..<last
    }

    /// Appends the normalised host: lower case, without one trailing dot.
    ///
    /// Every rule, look-up and pool key uses this form and no other (RFC 9110 §4.2.3).
    package static func lowercase(_ bytes: Span<UInt8>, _ range: Range<Int>, into output: inout [UInt8]) {
        for index in withoutTrailingDot(bytes, range) { output.append(lowercased(bytes[index])) }
    }

    /// The letter in lower case; every other byte as it is.
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        ByteClass.lowercased(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 26 || ByteClass.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Whether the dots from here to the end are the trailing ones, or this is a hole in the name.
    private static func emptyLabel(_ bytes: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> HostFault {
        guard index > range.lowerBound else { return .emptyLabel }
        for other in index..<range.upperBound where bytes[other] != UInt8(ascii: ".") { return .emptyLabel }
        return .trailingDots
    }

    private static func fault(of byte: UInt8) -> HostFault {
        switch byte {
        case 0: .nul
        case UInt8(ascii: "%"): .percent
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): .whitespace
        case UInt8(ascii: "*"): .wildcard
        case 0x80...: .nonASCII
        case ..<0x20, 0x7f: .control
        default: .forbiddenCharacter
        }
    }
}
