internal import ApusWire

/// The offset from UTC by a rule that holds every year: the POSIX form of the variable TZ, with the wider hours of RFC 9636
/// §3.3.1, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct RecurringRule: Sendable, Hashable {
    /// When in a year the clocks change.
    struct Change: Sendable, Hashable {
        enum Day: Sendable, Hashable {
            /// `J60`: 1 to 365, 29 February never counted.
            case ofCommonYear(Int)
            /// `59`: 0 to 365, 29 February counted.
            case ofYear(Int)
            /// `M3.5.0`: a month, its first to fourth or (5) last such day of the week, 0 being Sunday.
            case ofMonth(month: Int, week: Int, weekday: Int)
        }

        let day: Day
        /// Seconds after midnight by the clock before the change, -167 to 167 hours.
        let time: Int64
    }

    /// The other offset of a part of the year.
    struct Saving: Sendable, Hashable {
        let offset: Int32
        let begin: Change
        let end: Change
    }

    /// The usual offset, in seconds east of UTC.
    let standard: Int32
    /// What differs from it, if anything does.
    let saving: Saving?

    /// The moments for which a year is known.
    private static let known: ClosedRange<Int64> = -62_135_596_800...253_370_764_799

    /// The offset at a moment.
    func offset(at secondsSince1970: Int64) -> Int32 {
        guard let saving else { return standard }
        let moment = min(max(secondsSince1970, Self.known.lowerBound), Self.known.upperBound)
        let year = CivilTime(secondsSince1970: moment).year
        // The saving that counts may have begun in the year before, and by the hours of its zone in the one behind.
        for year in year - 1...year + 1 {
            let begin = saving.begin.moment(year: year) - Int64(standard)
            var end = saving.end.moment(year: year) - Int64(saving.offset)
            // In the south it goes on over the new year.
            if end <= begin { end = saving.end.moment(year: year + 1) - Int64(saving.offset) }
            if begin <= moment, moment < end { return saving.offset }
        }
        return standard
    }
}

extension RecurringRule.Change {
    /// When it is by the clock before the change, in seconds since 1970 as if that clock showed UTC.
    func moment(year: Int) -> Int64 {
        Int64(dayNumber(year: year)) * 86_400 + time
    }

    private func dayNumber(year: Int) -> Int {
        switch day {
        case .ofYear(let day): return Self.days(toYear: year) + day
        case .ofCommonYear(let day):
            return Self.days(toYear: year) + day - 1 + (day >= 60 && Self.isLeap(year) ? 1 : 0)
        case .ofMonth(let month, let week, let weekday):
            let first = Self.days(toYear: year) + Self.days(toMonth: month, year: year)
            // 1 January 1970 was a Thursday.
            let weekdayOfFirst = ((first + 4) % 7 + 7) % 7
            let sooner = (weekday - weekdayOfFirst + 7) % 7
            let length = Self.days(toMonth: month + 1, year: year) - Self.days(toMonth: month, year: year)
            var day = sooner + (week - 1) * 7
            if day >= length { day -= 7 }
            return first + day
        }
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// Days from 1 January 1970 to that of a year from 1 on.
    private static func days(toYear year: Int) -> Int {
        let before = year - 1
        return before * 365 + before / 4 - before / 100 + before / 400 - 719_162
    }

    /// Days from 1 January to the first of a month, 1 to 13.
    private static func days(toMonth month: Int, year: Int) -> Int {
        // From March on months of 31 and 30 days alternate in groups of five.
        month < 3 ? (month - 1) * 31 : (153 * (month - 3) + 2) / 5 + (isLeap(year) ? 60 : 59)
    }
}
