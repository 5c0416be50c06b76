internal import ApusWire
internal import FoundationEssentials

/// The time of day.
enum Moment {
    /// In microseconds since 1970.
    static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

    /// ISO 8601 in UTC, to the millisecond.
    static func text(_ microseconds: Int64) -> String {
        var bytes: [UInt8] = []
        HTTPDate.writeISO8601(microsecondsSince1970: microseconds, precision: .milliseconds, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Now, as an answer has it (RFC 9110 §6.6.1).
    static func date() -> String {
        var bytes: [UInt8] = []
        HTTPDate.write(secondsSince1970: now() / 1_000_000, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
