/// Strict spellings of addresses and networks in settings: dotted decimal with four numbers, RFC 4291 §2.2 for IPv6 (no zone).
package enum AddressLiteral {
    /// Whether it is four decimal numbers up to 255 without leading zeros.
    package static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { isNumber($0, upTo: 255) }
    }

    /// Whether it is eight groups of hexadecimal digits, with one `::` for a run of zeros, the last two as dotted decimal or not.
    package static func isIPv6(_ text: some StringProtocol) -> Bool { groups(text) != nil }

    /// Whether it is `::1` in any spelling.
    package static func isIPv6Loopback(_ text: some StringProtocol) -> Bool {
        groups(text) == [0, 0, 0, 0, 0, 0, 0, 1]
    }

    private static func isNumber(_ text: some StringProtocol, upTo limit: Int) -> Bool {
        guard 1...3 ~= text.utf8.count, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return false
        }
        if text.utf8.count > 1 && text.hasPrefix("0") { return false }
        guard let number = Int(text) else { return false }
        return number <= limit
    }

    /// The eight groups of an IPv6 address, or nil.
    private static func groups(_ text: some StringProtocol) -> [UInt16]? {
        let halves = split(String(text))
        guard let head = run(halves.head, mayEndInIPv4: halves.tail == nil) else { return nil }
        guard let tailText = halves.tail else { return head.count == 8 ? head : nil }
        guard let tail = run(tailText, mayEndInIPv4: true), head.count + tail.count <= 7 else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// What stands before and behind the first `::`.
    private static func split(_ text: String) -> (head: Substring, tail: Substring?) {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix("::") { return (text[..<index], text[index...].dropFirst(2)) }
            index = text.index(after: index)
        }
        return (text[...], nil)
    }

    /// The groups of a run without `::`; an empty one has none.
    private static func run(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, isIPv4(part) {
                let octets = part.split(separator: ".").compactMap { UInt16($0) }
                groups += [octets[0] << 8 | octets[1], octets[2] << 8 | octets[3]]
                continue
            }
            // isHexDigit knows full-width digits too, which are more than one byte each.
            guard 1...4 ~= part.utf8.count, part.utf8.count == part.count, part.allSatisfy(\.isHexDigit),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }
}
