internal import ApusPolicy

/// A span of time as people write it: `30s`, `250ms`, `1h30m`.
package enum TimeSpan {
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// Reads numbers with units, the larger first; a bare number but 0 is refused, since nobody can tell its unit.
    package static func parse(_ text: String) throws(ValueFault) -> Duration {
        if text == "0" { return .zero }
        var rest = text[...]
        var total = 0
        guard !rest.isEmpty else { throw malformed(text) }
        // Units are tried by their place in the list, so `from` keeps them in descending order: 1h30m, not 30m1h.
        var from = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }.lowercased()
            rest = rest.dropFirst(name.count)
            guard !digits.isEmpty else { throw malformed(text) }
            if name.isEmpty && rest.isEmpty && from == 0 {
                throw ValueFault(
                    "\"\(text)\" has no unit; write \(text)s for seconds, \(text)ms for milliseconds, or m, h, d"
                )
            }
            guard let place = units[from...].firstIndex(where: { $0.name == name }) else { throw malformed(text) }
            guard let number = Int(digits), number <= limit / units[place].milliseconds else {
                throw ValueFault("\"\(text)\" is too long a time")
            }
            total += number * units[place].milliseconds
            from = place + 1
        }
        guard total <= limit else { throw ValueFault("\"\(text)\" is too long a time") }
        return .milliseconds(total)
    }

    /// A hundred years, so that no sum of spans overflows.
    private static let limit = 100 * 366 * 86_400_000

    private static func malformed(_ text: String) -> ValueFault {
        ValueFault("\"\(text)\" is no span of time; it takes whole numbers with d, h, m, s or ms, the larger first")
    }

    /// Writes it with the units it needs: 5400 s as `1h30m`; zero as `0`. Parts of a millisecond are dropped.
    package static func describe(_ span: Duration) -> String { span.settingText }
}
