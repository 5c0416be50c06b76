extension IPAddress {
    /// Whether a host would be read as an IPv4 address by someone, without being a strict dotted quad.
    ///
    /// This is the "ends in a number" test of the WHATWG URL standard (§3.5): the last label, after one optional
    /// trailing dot, is all decimal digits, or `0x` and hexadecimal digits. `inet_aton` and browsers read such hosts as
    /// addresses (`0177.1`, `0x7f.1`, `127.1`, `2130706433` and `127.0.0.1.` are all 127.0.0.1), rules for names do
    /// not: they must be refused, and never be handed to a resolver.
    /// - Returns: false for a strict dotted quad, for IPv6 text and for every name.
    public static func looksLikeLegacyIPv4(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var end = range.upperBound
        let dotted = end > range.lowerBound && bytes[end - 1] == UInt8(ascii: ".")
        if dotted { end -= 1 }
        var start = end
        while start > range.lowerBound, bytes[start - 1] != UInt8(ascii: ".") { start -= 1 }
        guard endsInNumber(bytes, start..<end) else { return false }
        return dotted || IPAddress.parse(bytes, range) == nil
    }

    private static func endsInNumber(_ bytes: Span<UInt8>, _ label: Range<Int>) -> Bool {
        guard let first = label.first else { return false }
        if label.count >= 2, bytes[first] == UInt8(ascii: "0"), bytes[first + 1] | 0x20 == UInt8(ascii: "x") {
            // `0x` alone counts: browsers read it as 0.
            for index in first + 2..<label.upperBound where hexadecimalDigit(bytes[index]) == nil { return false }
            return true
        }
        for index in label where decimalDigit(bytes[index]) == nil { return false }
        return true
    }
}
