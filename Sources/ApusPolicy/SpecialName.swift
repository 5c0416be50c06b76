public import ApusWire

/// Names that are answered without DNS (RFC 6761).
public enum SpecialName: UInt8, Sendable, Hashable, CaseIterable {
    /// `localhost` and everything under it: loopback (RFC 6761 §6.3).
    case localhost
    /// `invalid` and everything under it: never exists (RFC 6761 §6.4).
    case invalid

    /// What a resolver would have to answer; the guard judges these addresses like any other.
    public static let loopbackAddresses = [IPAddress(v4: 0x7f00_0001), IPAddress(v6High: 0, low: 1)]

    /// Recognises a host by its last label, in any case and with one optional trailing dot; nil for every other name.
    public static func of(_ bytes: Span<UInt8>, _ range: Range<Int>) -> SpecialName? {
        let name = HostName.withoutTrailingDot(bytes, range)
        if endsIn("localhost", bytes, name) { return .localhost }
        return endsIn("invalid", bytes, name) ? .invalid : nil
    }

    private static func endsIn(_ label: StaticString, _ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        let start = name.upperBound - label.utf8CodeUnitCount
        guard start >= name.lowerBound else { return false }
        guard start == name.lowerBound || bytes[start - 1] == UInt8(ascii: ".") else { return false }
        var index = start
        for byte in label.description.utf8 {
            if HostName.lowercased(bytes[index]) != byte { return false }
            index += 1
        }
        return true
    }
}
