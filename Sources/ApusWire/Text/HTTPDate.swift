/// Dates as fields and logs write them, always in UTC.
public enum HTTPDate {
    /// How many bytes an IMF-fixdate takes.
    public static let count = 29

    private static let weekdays = Array("SunMonTueWedThuFriSat".utf8)
    private static let months = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

    /// Appends an IMF-fixdate (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
    public static func write(secondsSince1970: Int64, into bytes: inout [UInt8]) {
        let text = fixdate(CivilTime(secondsSince1970: secondsSince1970))
        for index in text.indices { bytes.append(text[index]) }
    }

    /// Writes an IMF-fixdate into a scratch.
    ///
    /// - Returns: the offset behind it, or nil if fewer than ``count`` bytes are left.
    public static func write(secondsSince1970: Int64, into scratch: inout MutableSpan<UInt8>, at: Int) -> Int? {
        guard at >= 0, scratch.count - at >= count else { return nil }
        let text = fixdate(CivilTime(secondsSince1970: secondsSince1970))
        for index in text.indices { scratch[at + index] = text[index] }
        return at + count
    }

    /// How finely ``writeISO8601(microsecondsSince1970:precision:into:)`` writes.
    public enum Precision: UInt8, Sendable {
        case seconds, milliseconds, microseconds
    }

    /// Appends an ISO 8601 date and time (RFC 3339): `1994-11-06T08:49:37.123Z`. A fraction is cut, not rounded.
    public static func writeISO8601(
        microsecondsSince1970: Int64,
        precision: Precision = .milliseconds,
        into bytes: inout [UInt8]
    ) {
        let (seconds, micros) = split(microsecondsSince1970)
        let time = CivilTime(secondsSince1970: seconds)
        bytes.write(time.year, digits: 4)
        bytes.append(0x2d)
        bytes.write(time.month, digits: 2)
        bytes.append(0x2d)
        bytes.write(time.day, digits: 2)
        bytes.append(0x54)
        writeClock(time, into: &bytes)
        if precision != .seconds {
            bytes.append(0x2e)
            bytes.write(precision == .milliseconds ? micros / 1000 : micros, digits: precision == .milliseconds ? 3 : 6)
        }
        bytes.append(0x5a)
    }

    /// Appends the date of the Common Log Format, brackets included: `[10/Oct/2000:13:55:36 +0000]`.
    public static func writeCommonLog(secondsSince1970: Int64, into bytes: inout [UInt8]) {
        let time = CivilTime(secondsSince1970: secondsSince1970)
        bytes.append(0x5b)
        bytes.write(time.day, digits: 2)
        bytes.append(0x2f)
        for offset in 0..<3 { bytes.append(months[(time.month - 1) * 3 + offset]) }
        bytes.append(0x2f)
        bytes.write(time.year, digits: 4)
        bytes.append(0x3a)
        writeClock(time, into: &bytes)
        bytes.write(text: " +0000]")
    }

    /// Appends the time of day: `08:49:37`.
    public static func writeTimeOfDay(secondsSince1970: Int64, into bytes: inout [UInt8]) {
        writeClock(CivilTime(secondsSince1970: secondsSince1970), into: &bytes)
    }

    private static func writeClock(_ time: CivilTime, into bytes: inout [UInt8]) {
        bytes.write(time.hour, digits: 2)
        bytes.append(0x3a)
        bytes.write(time.minute, digits: 2)
        bytes.append(0x3a)
        bytes.write(time.second, digits: 2)
    }

    /// Whole seconds of microseconds, rounded down.
    package static func seconds(ofMicroseconds micros: Int64) -> Int64 { split(micros).0 }

    /// Whole seconds, rounded down, and the microseconds that are left: 0 to 999,999.
    private static func split(_ micros: Int64) -> (Int64, Int) {
        let (quotient, remainder) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? (quotient - 1, Int(remainder + 1_000_000)) : (quotient, Int(remainder))
    }

    private static func fixdate(_ time: CivilTime) -> InlineArray<29, UInt8> {
        var text = InlineArray<29, UInt8>(repeating: 0x20)
        for offset in 0..<3 {
            text[offset] = weekdays[time.weekday * 3 + offset]
            text[8 + offset] = months[(time.month - 1) * 3 + offset]
        }
        text[3] = 0x2c
        digits(time.day, at: 5, in: &text)
        digits(time.year / 100, at: 12, in: &text)
        digits(time.year % 100, at: 14, in: &text)
        digits(time.hour, at: 17, in: &text)
        text[19] = 0x3a
        digits(time.minute, at: 20, in: &text)
        text[22] = 0x3a
        digits(time.second, at: 23, in: &text)
        // "GMT"
        text[26] = 0x47
        text[27] = 0x4d
        text[28] = 0x54
        return text
    }

    @inline(__always)
    private static func digits(_ value: Int, at: Int, in text: inout InlineArray<29, UInt8>) {
        text[at] = 0x30 + UInt8(value / 10)
        text[at + 1] = 0x30 + UInt8(value % 10)
    }
}
