package import ApusWire

/// A network as it is written in a rule.
package enum NetworkText {
    /// Reads `10.0.0.0/8`, `fd00::/8`, or an address, which is a network of one.
    package static func parse(_ text: String) throws(ValueFault) -> CIDR {
        do { return try CIDR(text) } catch {
            switch error.reason {
            case .address:
                throw ValueFault("\"\(text)\" is no network; it takes 10.1.0.0/16, fd00::/8 or a single address")
            case .prefixLength(let range):
                throw ValueFault("\"\(text)\" has no prefix length; behind the slash it takes 0 to \(range.upperBound)")
            case .hostBits(let network, let address):
                throw ValueFault(
                    "\"\(text)\" has bits behind its prefix; write \(network), or \(address) for one address"
                )
            }
        }
    }
}
