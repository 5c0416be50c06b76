extension CIDR {
    /// Reads `10.0.0.0/8`, `fd00::/8`, or a bare address, which is a block of one.
    ///
    /// A block with bits set behind its prefix is refused: whoever wrote `10.0.0.1/8` meant either one address or all.
    /// - Throws: ``CIDRParseError``, which says what is expected.
    public init(_ text: some StringProtocol) throws(CIDRParseError) {
        let bytes = Array(text.utf8)
        let slash = bytes.firstIndex(of: UInt8(ascii: "/"))
        guard let address = IPAddress.parse(bytes.span, 0..<(slash ?? bytes.count)) else {
            throw CIDRParseError(text: String(text), reason: .address)
        }
        guard let slash else {
            self.init(address)
            return
        }
        let width = address.family == .v4 ? 32 : 128
        guard let length = CIDR.length(bytes[(slash + 1)...]), length <= width else {
            throw CIDRParseError(text: String(text), reason: .prefixLength(0...width))
        }
        guard let block = CIDR(address, prefixLength: length) else {
            let network = "\(CIDR.network(of: address, length))/\(length)"
            throw CIDRParseError(text: String(text), reason: .hostBits(network: network, address: "\(address)"))
        }
        self = block
    }

    /// Reads a block, as ``init(_:)`` does.
    /// - Throws: ``CIDRParseError``, which says what is expected.
    public static func parse(_ text: some StringProtocol) throws(CIDRParseError) -> CIDR {
        try CIDR(text)
    }

    /// One to three digits without a leading zero.
    private static func length(_ digits: ArraySlice<UInt8>) -> Int? {
        guard let first = digits.first, digits.count <= 3 else { return nil }
        guard first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var length = 0
        for byte in digits {
            guard let digit = IPAddress.decimalDigit(byte) else { return nil }
            length = length * 10 + Int(digit)
        }
        return length
    }
}

/// Why a text is no block of addresses.
public struct CIDRParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Sendable, Hashable {
        /// What stands before the slash is no address.
        case address
        /// What stands behind the slash is no number in this range.
        case prefixLength(ClosedRange<Int>)
        /// Bits behind the prefix are set; the block and the single address that may have been meant.
        case hostBits(network: String, address: String)
    }

    /// The text as it was given.
    public let text: String
    /// What is wrong with it.
    public let reason: Reason

    /// Makes an error about a text.
    public init(text: String, reason: Reason) {
        self.text = text
        self.reason = reason
    }

    /// One sentence: what is wrong and what is expected.
    public var description: String {
        switch reason {
        case .address:
            "“\(text)” is no address block: expected an address or a block such as 10.0.0.0/8 or fd00::/8"
        case .prefixLength(let range):
            "“\(text)” has no valid prefix length: expected a number from \(range.lowerBound) to "
                + "\(range.upperBound) behind the slash"
        case .hostBits(let network, let address):
            "“\(text)” has bits set behind its prefix: expected \(network) for the block, or \(address) for one address"
        }
    }
}
