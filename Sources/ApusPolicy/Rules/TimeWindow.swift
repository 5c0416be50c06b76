/// Hours of some days of the week, by the clocks of a time zone.
///
/// Where the clocks change, it is what they show that counts: an hour that comes twice belongs to the window twice, one that is
/// left out does not exist.
public struct TimeWindow: Sendable, Hashable {
    /// Bit 0 is Monday, bit 6 Sunday. The hours behind midnight belong to the day on which the window began.
    public var days: UInt8
    /// Minutes since midnight, the first that belongs to it.
    public var start: UInt16
    /// Minutes since midnight, the first that no longer belongs to it; at most 1,440. Not after ``start``: it ends on the next day.
    public var end: UInt16
    /// By whose clocks.
    public var zone: TimeZoneRules

    /// Makes a window.
    public init(days: UInt8 = 0x7f, start: UInt16 = 0, end: UInt16 = 1_440, zone: TimeZoneRules = .utc) {
        self.days = days
        self.start = start
        self.end = end
        self.zone = zone
    }

    /// The moments of which a day of the week can be told without overflow.
    private static let known: ClosedRange<Int64> = -(1 << 60)...(1 << 60)

    /// Whether a moment is in it.
    public func contains(_ secondsSince1970: Int64) -> Bool {
        let moment = min(max(secondsSince1970, Self.known.lowerBound), Self.known.upperBound)
        let local = moment + Int64(zone.offset(at: moment))
        let second = (local % 86_400 + 86_400) % 86_400
        let minute = UInt16(second / 60)
        // 1 January 1970 was a Thursday.
        let day = ((local - second) / 86_400 + 3) % 7
        let today = UInt8((day + 7) % 7)
        if start < end { return hasDay(today) && start <= minute && minute < end }
        return minute >= start ? hasDay(today) : minute < end && hasDay((today + 6) % 7)
    }

    private func hasDay(_ day: UInt8) -> Bool { days & (1 << day) != 0 }
}
