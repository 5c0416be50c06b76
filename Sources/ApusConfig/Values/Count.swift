/// A whole number: digits and nothing else.
package enum Count {
    package static func parse(_ text: String) throws(ValueFault) -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            throw ValueFault("\"\(text)\" is no whole number")
        }
        guard let number = Int(text) else { throw ValueFault("\"\(text)\" is too large a number") }
        return number
    }
}
