/// Names in other scripts as the DNS has them (RFC 3492, RFC 5890 §2.3.2.1), to show what should be written.
package enum Punycode {
    private static let base: UInt32 = 36
    private static let least: UInt32 = 1
    private static let most: UInt32 = 26

    /// The name in lower case with its labels that are not ASCII as `xn--…`; nil where a label is too long for that.
    package static func encode(name: String) -> String? {
        var labels: [String] = []
        for label in name.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
            if label.utf8.allSatisfy({ $0 < 0x80 }) {
                labels.append(String(label))
            } else {
                guard let code = encode(label: label) else { return nil }
                labels.append("xn--\(code)")
            }
        }
        return labels.joined(separator: ".")
    }

    /// RFC 3492 §6.3.
    private static func encode(label: Substring) -> String? {
        let points = label.unicodeScalars.map(\.value)
        // A label has 63 octets at most, and each code point takes one at least.
        guard points.count <= 59 else { return nil }
        var output = points.filter { $0 < 0x80 }
        let basic = UInt32(output.count)
        if basic > 0 { output.append(0x2d) }
        var (next, delta, bias, handled): (UInt32, UInt32, UInt32, UInt32) = (0x80, 0, 72, basic)
        while handled < points.count {
            guard let smallest = points.filter({ $0 >= next }).min() else { return nil }
            delta += (smallest - next) * (handled + 1)
            next = smallest
            for point in points {
                if point < next { delta += 1 }
                guard point == next else { continue }
                output += digits(delta, bias)
                bias = adapt(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        guard output.count <= 59 else { return nil }
        return String(String.UnicodeScalarView(output.compactMap(Unicode.Scalar.init)))
    }

    private static func digits(_ delta: UInt32, _ bias: UInt32) -> [UInt32] {
        var rest = delta
        var digits: [UInt32] = []
        var place = base
        while true {
            let threshold = place <= bias ? least : min(place - bias, most)
            if rest < threshold { break }
            digits.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            place += base
        }
        return digits + [digit(rest)]
    }

    /// `a` to `z`, then `0` to `9`.
    private static func digit(_ value: UInt32) -> UInt32 { value < 26 ? 0x61 + value : 0x30 + value - 26 }

    /// RFC 3492 §6.1.
    private static func adapt(_ delta: UInt32, _ count: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps: UInt32 = 0
        while delta > (base - least) * most / 2 {
            delta /= base - least
            steps += base
        }
        return steps + (base - least + 1) * delta / (delta + 38)
    }
}
