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
