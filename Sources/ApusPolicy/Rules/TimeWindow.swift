internal import ApusWire

/// Hours of some days of the week, by the clock of a time zone.
public struct TimeWindow: Sendable, Hashable {
    /// Bit 0 is Monday, bit 6 Sunday.
    public var days: UInt8
    /// Minutes since midnight, the first that belongs to it.
    public var start: UInt16
    /// Minutes since midnight, the first that no longer belongs to it; at most 1,440. Not after ``start``: it ends on the next day.
    public var end: UInt16

    /// Makes a window.
    public init(days: UInt8 = 0x7f, start: UInt16 = 0, end: UInt16 = 1_440) {
        self.days = days
        self.start = start
        self.end = end
    }
}

extension TimeWindow {
    /// Whether a moment, in seconds since 1970, lies in it by the clock of UTC. What ends on the next day belongs to the day on
    /// which it begins.
    public func contains(_ secondsSince1970: Int64) -> Bool {
        let moment = CivilTime(secondsSince1970: secondsSince1970)
        let minute = UInt16(moment.hour * 60 + moment.minute)
        // CivilTime begins the week on Sunday.
        let today = (moment.weekday + 6) % 7
        let isToday = days >> UInt8(today) & 1 == 1
        if end > start { return isToday && minute >= start && minute < end }
        let isSinceYesterday = days >> UInt8((today + 6) % 7) & 1 == 1
        return isToday && minute >= start || isSinceYesterday && minute < end
    }
}
