package import ApusPolicy

/// So much in each period: `50/s`, `10MB/s`, `5GB/day`, `1000/10m`.
package enum UsageRate {
    /// Periods by their names: the one that is written behind a slash, and the one behind a number, come first.
    private static let periods: [(names: [String], microseconds: UInt64)] = [
        (["s", "s", "sec", "second"], 1_000_000),
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
        let parts = try split(text, example: example)
        return try rate(text, UInt64(try ByteSize.parse(parts.amount)), parts.period)
    }

    /// As ``parseRequests(_:)`` reads it, or ``parseBytes(_:example:)`` if it counts bytes.
    package static func describe(_ rate: UsageLimit.Rate, isBytes: Bool) -> String {
        let amount = isBytes ? size(rate.amount) : "\(rate.amount)"
        for (names, microseconds) in periods.reversed() where rate.period.isMultiple(of: microseconds) {
            let count = rate.period / microseconds
            return count == 1 ? "\(amount)/\(names[0])" : "\(amount)/\(count)\(names[1])"
        }
        return "\(amount)/\(rate.period)us"
    }

    /// With the decimal unit that divides it, as rates are written, else as sizes are.
    private static func size(_ bytes: UInt64) -> String {
        for (name, unit) in [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)] as [(String, UInt64)]
        where bytes.isMultiple(of: unit) {
            return "\(bytes / unit)\(name)"
        }
        return ByteSize.describe(Int(clamping: bytes))
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
