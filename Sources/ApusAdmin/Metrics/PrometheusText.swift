internal import ApusReport

/// A page in Prometheus' text format 0.0.4: families of samples, each with its help and type.
struct PrometheusText {
    private(set) var bytes: [UInt8] = []

    /// A label of a sample.
    typealias Label = (name: String, value: String)

    /// The family whose samples follow.
    mutating func family(_ name: String, _ type: String, _ help: String) {
        write("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    /// A sample; `name` is the family's, for a histogram with its suffix.
    mutating func sample(_ name: String, _ labels: [Label] = [], _ value: String) {
        write(name)
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(PrometheusText.escaped($0.value))\"" }
            write("{\(pairs.joined(separator: ","))}")
        }
        write(" \(value)\n")
    }

    /// A counter or gauge without labels.
    mutating func single(_ name: String, _ type: String, _ help: String, _ value: some CustomStringConvertible) {
        family(name, type, help)
        sample(name, [], "\(value)")
    }

    /// A histogram in seconds, by bounds that hold with its own: 1, 2 and 5 of each decade.
    mutating func histogram(_ name: String, _ histogram: LatencyHistogram, _ labels: [Label] = []) {
        var below: UInt64 = 0
        for (index, bound) in LatencyHistogram.bounds.enumerated() {
            below &+= histogram.counts[index]
            guard [0, 2, 4].contains(index % 6) else { continue }
            sample(name + "_bucket", labels + [("le", PrometheusText.seconds(bound))], "\(below)")
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], "\(histogram.count)")
        sample(name + "_sum", labels, PrometheusText.seconds(histogram.sum))
        sample(name + "_count", labels, "\(histogram.count)")
    }

    /// Microseconds as seconds, without an exponent.
    static func seconds(_ microseconds: UInt64) -> String {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard rest > 0 else { return "\(whole)" }
        var digits = String(rest)
        digits = String(repeating: "0", count: 6 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private mutating func write(_ text: String) { bytes += Array(text.utf8) }
}
