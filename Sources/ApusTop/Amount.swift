/// Figures in few columns.
package enum Amount {
    /// `950`, `9.5k`, `12k`, `1.2M`.
    package static func count(_ value: Double) -> String { scaled(value, 1000, ["", "k", "M", "G", "T", "P"]) }

    /// `950B`, `9.5K`, `1.2M`, in powers of 1024.
    package static func bytes(_ value: Double) -> String { scaled(value, 1024, ["B", "K", "M", "G", "T", "P"]) }

    /// `0.9ms`, `34ms`, `1.5s`, `2m05s`, `3h07m`, `4d02h`.
    package static func duration(microseconds: Double) -> String {
        switch microseconds {
        case ..<1000: return "\(Int(max(microseconds, 0)))µs"
        case ..<9950: return "\(decimal(microseconds / 1000))ms"
        case ..<999_500: return "\(Int((microseconds / 1000).rounded()))ms"
        case ..<9_950_000: return "\(decimal(microseconds / 1_000_000))s"
        default: return span(Int(min(microseconds / 1_000_000, 1e15)))
        }
    }

    private static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m\(two(seconds % 60))s"
        case ..<86400: "\(seconds / 3600)h\(two(seconds % 3600 / 60))m"
        default: "\(seconds / 86400)d\(two(seconds % 86400 / 3600))h"
        }
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func scaled(_ value: Double, _ base: Double, _ units: [String]) -> String {
        var value = max(value, 0)
        guard value.isFinite else { return "-" }
        var unit = 0
        while value >= base * 0.9995, unit < units.count - 1 {
            value /= base
            unit += 1
        }
        let isWhole = value >= 9.95 || (value * 10).rounded() == value.rounded() * 10
        return (isWhole ? "\(Int(value.rounded()))" : decimal(value)) + units[unit]
    }

    /// With one digit behind the point.
    static func decimal(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "-" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}
