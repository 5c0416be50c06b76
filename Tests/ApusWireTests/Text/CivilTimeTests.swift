import ApusWire
import Testing

@Suite struct CivilTimeTests {
    @Test("every day of 800 years follows the one before it by the calendar")
    func calendar() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        // 1 January 1600 was a Saturday.
        var (year, month, day, weekday) = (1600, 1, 1, 6)
        var seconds: Int64 = -11_676_096_000
        while year < 2400 {
            let time = CivilTime(secondsSince1970: seconds)
            guard (time.year, time.month, time.day, time.weekday) == (year, month, day, weekday) else {
                Issue.record("\(seconds): \(time), not \(year)-\(month)-\(day)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            day += 1
            weekday = (weekday + 1) % 7
            if day > lengths[month - 1] + (month == 2 && isLeap ? 1 : 0) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            seconds += 86_400
        }
    }

    @Test("every second of a day has its hour, minute and second, before 1970 too", arguments: [Int64(0), -86_400])
    func clock(_ midnight: Int64) {
        for second in 0..<86_400 {
            let time = CivilTime(secondsSince1970: midnight + Int64(second))
            guard (time.hour * 60 + time.minute) * 60 + time.second == second, time.minute < 60, time.second < 60 else {
                Issue.record("second \(second): \(time)")
                return
            }
        }
    }
}
