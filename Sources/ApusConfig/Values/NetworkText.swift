package import ApusWire

/// A network as it is written in a rule.
package enum NetworkText {
    /// Reads `10.0.0.0/8`, `fd00::/8`, or an address, which is a network of one.
    package static func parse(_ text: String) throws(ValueFault) -> CIDR {
        do { return try CIDR(text) } catch {
            switch error.reason {
            case .address: throw noAddress(text)
            case .prefixLength(let range): throw noPrefix(text, range.upperBound)
            case .hostBits(let network, let address):
                throw ValueFault(
                    "\"\(text)\" has bits behind its prefix; write \(network), or \(address) for one address",
                    saysWhatToWrite: true
                )
            }
        }
    }

    /// Words by which people mean every address.
    static let everything = ["all", "any", "*", "everyone", "everybody"]

    /// What is no address: a word, a wildcard, a range, the host of a URL.
    private static func noAddress(_ text: String) -> ValueFault {
        if everything.contains(text) {
            return ValueFault("\"\(text)\" is no network; every address is 0.0.0.0/0 and ::/0", saysWhatToWrite: true)
        }
        if text == "localhost" {
            return ValueFault("\"localhost\" is no network; write 127.0.0.0/8 and ::1", saysWhatToWrite: true)
        }
        if let network = wildcard(text) {
            return ValueFault("\"\(text)\" is no network; write \(network)", saysWhatToWrite: true)
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { $0.trimmed }
        if ends.count == 2, IPAddress(ends[0]) != nil {
            return ValueFault(
                "\"\(text)\" is a range, which is no network; write the networks that make it up, as 10.0.0.0/28, or its addresses one by one"
            )
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, IPAddress(parts[0]) != nil {
            return ValueFault("\"\(text)\" has a port; write the address alone: \(parts[0])", saysWhatToWrite: true)
        }
        if text.hasPrefix("["), text.hasSuffix("]"), IPAddress(text.dropFirst().dropLast()) != nil {
            return ValueFault(
                "\"\(text)\" has brackets; write the address alone: \(text.dropFirst().dropLast())",
                saysWhatToWrite: true
            )
        }
        return ValueFault("\"\(text)\" is no network; it takes 10.1.0.0/16, fd00::/8 or a single address")
    }

    /// The network of `10.1.*.*`, or of `10.1.`.
    private static func wildcard(_ text: String) -> String? {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.last == "" { parts.removeLast() }
        let known = parts.prefix { $0 != "*" }
        guard 1...3 ~= known.count, parts.count <= 4, parts.dropFirst(known.count).allSatisfy({ $0 == "*" }),
            text.hasSuffix("*") || text.hasSuffix(".")
        else { return nil }
        let address = (known + Array(repeating: "0", count: 4 - known.count)).joined(separator: ".")
        return IPAddress(address) == nil ? nil : "\(address)/\(known.count * 8)"
    }

    /// What is no length of a prefix behind the slash.
    private static func noPrefix(_ text: String, _ most: Int) -> ValueFault {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let family = most == 32 ? "IPv4" : "IPv6"
        if parts.count > 2 {
            return ValueFault(
                "\"\(text)\" has a slash too many; write \(parts[0])/\(parts[1])",
                saysWhatToWrite: true
            )
        }
        let length = parts.last ?? ""
        if let mask = IPAddress(length), mask.unmapped.family == .v4,
            let bits = prefix(of: UInt32(truncatingIfNeeded: mask.unmapped.low))
        {
            return ValueFault("\"\(text)\" has a netmask; write \(parts[0])/\(bits)", saysWhatToWrite: true)
        }
        if !length.isEmpty, length.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            return ValueFault("\"\(text)\": \(length) is no length of a prefix; \(family) takes 0 to \(most)")
        }
        return ValueFault("\"\(text)\" has no prefix length; behind the slash it takes 0 to \(most)")
    }

    /// How many bits a netmask sets, all of them in front; for one of a router's access list, how many it leaves.
    private static func prefix(of mask: UInt32) -> Int? {
        for mask in [mask, ~mask] where mask.nonzeroBitCount == mask.leadingOnes { return mask.nonzeroBitCount }
        return nil
    }
}

extension UInt32 {
    fileprivate var leadingOnes: Int { (~self).leadingZeroBitCount }
}
