package import ApusPolicy

/// So much in each period: `50/s`, `10MB/s`, `5GB/day`, `1000/10m`.
package enum UsageRate {
    /// Periods by their names.
    private static let periods: [(names: [String], microseconds: UInt64)] = [
        (["s", "sec", "second"], 1_000_000),
        (["min", "m", "minute"], 60_000_000),
        (["hour", "h"], 3_600_000_000),
        (["day", "d"], 86_400_000_000),
        (["week", "w"], 604_800_000_000),
    ]

    /// Reads a number of requests in a period.
    package static func parseRequests(_ text: String) throws(ValueFault) -> UsageLimit.Rate {
        let parts = try split(text, example: "50/s")
        if parts.amount.contains(".") {
            throw ValueFault("\"\(text)\" is no whole number; take a longer period, as in 30/min")
        }
        return try rate(text, UInt64(try Count.parse(parts.amount)), parts.period)
    }

    /// Reads a size in a period.
    package static func parseBytes(_ text: String, example: String) throws(ValueFault) -> UsageLimit.Rate {
        let period = example.split(separator: "/").last ?? "s"
        if !text.contains("/"), let size = ByteSize.inBytes(bits: text) {
            throw ValueFault("\"\(text)\" counts bits; sizes are bytes: write \(size)/\(period)")
        }
        let parts = try split(text, example: example)
        try refuseAmbiguous(parts.amount)
        return try rate(text, UInt64(try ByteSize.parse(parts.amount)), parts.period)
    }

    /// As ``parseRequests(_:)`` reads it, or ``parseBytes(_:example:)`` if it counts bytes.
    package static func describe(_ rate: UsageLimit.Rate, isBytes: Bool) -> String { rate.text(isBytes: isBytes) }

    /// Links are sold in bits: who writes `10Mb/s` may mean an eighth of what `10MB/s` is.
    private static func refuseAmbiguous(_ amount: String) throws(ValueFault) {
        let digits = amount.prefix { $0.isASCII && $0.isNumber }
        let unit = amount.dropFirst(digits.count).drop { $0 == " " }
        guard ["Kb", "Mb", "Gb"].contains(unit), let bits = ByteSize.inBytes(bits: "\(digits)\(unit)it") else { return }
        throw ValueFault(
            "\"\(amount)\" can be read in two ways; write \(digits)\(unit.prefix(1))B for bytes, \(bits) for bits"
        )
    }

    private static func split(_ text: String, example: String) throws(ValueFault) -> (amount: String, period: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { String($0.trimmed) }
        guard parts.count == 2 else {
            throw ValueFault(
                parts.count == 1
                    ? "\"\(text)\" does not say in which time; write \(example), or a part of min, hour, day or week"
                    : "\"\(text)\" is no rate; it takes an amount, a slash and a period, as in \(example)"
            )
        }
        return (parts[0], parts[1])
    }

    private static func rate(_ text: String, _ amount: UInt64, _ period: String) throws(ValueFault) -> UsageLimit.Rate {
        if amount == 0 { throw ValueFault("\"\(text)\" lets nothing through; a deny rule says so more clearly") }
        let digits = period.prefix { $0.isASCII && $0.isNumber }
        let name = period.dropFirst(digits.count).lowercased()
        // A year of weeks is more than anybody counts, and far from overflow.
        guard let unit = periods.first(where: { $0.names.contains(name) })?.microseconds,
            let count = digits.isEmpty ? 1 : UInt64(digits), 1...1000 ~= count
        else {
            throw ValueFault("\"\(period)\" is no period; it takes s, min, hour, day or week, or several as in 10min")
        }
        return UsageLimit.Rate(amount, per: unit * count)
    }
}
