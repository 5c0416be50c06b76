/// A moment in UTC as the calendar and the clock show it, by the proleptic Gregorian calendar, without leap seconds.
///
/// The arithmetic is Howard Hinnant's `civil_from_days`: eras of 400 years that begin on 1 March.
public struct CivilTime: Sendable, Equatable {
    /// 0 to 9999.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int
    /// 0 is Sunday.
    public let weekday: Int
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59.
    public let second: Int

    /// The earliest and the latest moment that four digits of a year can show.
    private static let bounds: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    /// Converts Unix seconds; what lies outside the years 0000 to 9999 becomes the nearest moment inside.
    public init(secondsSince1970: Int64) {
        let seconds = min(max(secondsSince1970, Self.bounds.lowerBound), Self.bounds.upperBound)
        let ofDay = Int(((seconds % 86_400) + 86_400) % 86_400)
        let days = Int((seconds - Int64(ofDay)) / 86_400)
        hour = ofDay / 3600
        minute = ofDay % 3600 / 60
        second = ofDay % 60
        weekday = ((days + 4) % 7 + 7) % 7

        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}
