/// A size in bytes as people write it: `64KiB`, `10MB`, `4096`.
package enum ByteSize {
    /// Units by their lower-case spelling: powers of 1,024 with an i, of 1,000 without (IEC 80000-13).
    private static let units: [(name: String, bytes: Int)] = [
        ("", 1), ("b", 1), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000),
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30),
    ]

    /// Reads a whole number with a unit, in any case, or without one: bytes.
    package static func parse(_ text: String) throws(ValueFault) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard !digits.isEmpty else {
            throw ValueFault(
                "\"\(text)\" is no size; it takes a whole number with B, kB, MB, GB, KiB, MiB or GiB"
            )
        }
        if ["k", "m", "g"].contains(unit) {
            let letter = unit.uppercased()
            throw ValueFault(
                "\"\(text)\" can be read in two ways; write \(digits)\(letter)iB (1,024) or \(digits)\(letter)B (1,000)"
            )
        }
        guard let bytes = units.first(where: { $0.name == unit })?.bytes else {
            if let size = inBytes(bits: text) {
                throw ValueFault("\"\(text)\" counts bits; sizes are bytes: write \(size)", saysWhatToWrite: true)
            }
            if let whole = whole(digits, unit) {
                throw ValueFault("\"\(text)\" is no whole number; write \(whole)", saysWhatToWrite: true)
            }
            throw ValueFault("\"\(text)\" has no unit of size; it takes B, kB, MB, GB, KiB, MiB or GiB")
        }
        guard let number = Int(digits) else { throw ValueFault("\"\(text)\" is too large a size") }
        let (product, overflow) = number.multipliedReportingOverflow(by: bytes)
        if overflow { throw ValueFault("\"\(text)\" is too large a size") }
        return product
    }

    /// The size that is meant where bits are counted, as links are sold: `10mbit`, `10Mbps`; nil for what counts none.
    static func inBytes(bits text: String) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        let scales = [("", 1), ("k", 1000), ("m", 1_000_000), ("g", 1_000_000_000)]
        guard let number = Int(digits), number < 1 << 30,
            let scale = scales.first(where: { scale in ["bit", "bits", "bps"].contains { scale.0 + $0 == unit } })?.1
        else { return nil }
        let bytes = number * scale / 8
        return bytes.isMultiple(of: 1000) && bytes > 0 ? "\(bytes / 1000)kB" : "\(bytes)B"
    }

    /// `1.5GB` in the next smaller unit: `1500MB`.
    private static func whole(_ digits: Substring, _ rest: String) -> String? {
        guard rest.first == ".", let number = Int(digits), number < 1 << 20 else { return nil }
        let part = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        let unit = rest.dropFirst(1 + part.count).drop { $0 == " " }
        let smaller = ["gb": "MB", "mb": "kB", "kb": "B"]
        guard 1...3 ~= part.count, let next = smaller[String(unit)], let fraction = Int(part) else { return nil }
        let scaled = [1: 100, 2: 10, 3: 1][part.count] ?? 1
        return "\(number * 1000 + fraction * scaled)\(next)"
    }

    /// Writes it with the largest binary unit that divides it: 65536 as `64KiB`, 1000 as `1000B`.
    package static func describe(_ bytes: Int) -> String {
        for (name, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where bytes != 0 && bytes.isMultiple(of: size) {
            return "\(bytes / size)\(name)"
        }
        return bytes == 0 ? "0" : "\(bytes)B"
    }
}
