/// A share of all, as people write it: `5%`, `0.5%`.
package enum Percentage {
    /// From 0 to 1.
    package static func parse(_ text: String) throws(ValueFault) -> Double {
        let digits = text.hasSuffix("%") ? text.dropLast() : ""
        guard let number = Double(digits), number.isFinite, 0...100 ~= number,
            digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") })
        else { throw ValueFault("\"\(text)\" is no share; it takes 0% to 100%, as 5%") }
        return number / 100
    }

    /// As it would be written.
    package static func describe(_ share: Double) -> String {
        let percent = (share * 100_000).rounded() / 1000
        return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
    }
}
