/// Ports of a rule: `443`, or `8000-8100` with both ends.
package enum PortRange {
    /// Reads one port from 1 to 65,535, or a range of them.
    package static func parse(_ text: String) throws(ValueFault) -> ClosedRange<UInt16> {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = port(parts[0]), let last = parts.count == 1 ? first : port(parts[1]) else {
            throw ValueFault("\"\(text)\" is no port; it takes 1 to 65535, or a range such as 8000-8100")
        }
        guard first <= last else {
            throw ValueFault("\"\(text)\" is an empty range; write \(last)-\(first)")
        }
        return first...last
    }

    /// As ``parse(_:)`` reads it.
    package static func describe(_ range: ClosedRange<UInt16>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), text.first != "0" else {
            return nil
        }
        return UInt16(text)
    }
}
