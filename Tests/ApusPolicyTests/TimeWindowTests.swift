import Testing

@testable import ApusPolicy

@Suite("time windows")
struct TimeWindowTests {
    private func zone(_ name: String) -> TimeZoneRules? {
        guard let vector = ZoneVectors.all.first(where: { $0.name == name }) else { return nil }
        return try? TimeZoneRules(name: name, tzif: vector.bytes)
    }

    private func window(_ text: String) throws -> TimeWindow { try TimeWindow.parse(text, zone: zone) }

    /// 2024-07-01 was a Monday.
    private let monday: Int64 = 1_719_792_000

    @Test("days and hours, the first minute in and the last one out")
    func hours() throws {
        let window = try window("Mon-Fri 08:00-18:00")
        for (second, isIn) in [
            (8 * 3600 - 1, false), (8 * 3600, true), (18 * 3600 - 1, true), (18 * 3600, false),
            (4 * 86_400 + 9 * 3600, true),
            (5 * 86_400 + 9 * 3600, false), (-86_400 + 9 * 3600, false), (7 * 86_400 + 9 * 3600, true),
        ] { #expect(window.contains(monday + Int64(second)) == isIn, "\(second)") }
    }

    @Test("a window over midnight belongs to the day on which it begins")
    func midnight() throws {
        let friday = try window("Fri 22:00-06:00")
        let day: Int64 = 86_400
        for (hour, isIn) in [
            (4 * 24 + 21, false), (4 * 24 + 22, true), (5 * 24, true), (5 * 24 + 5, true), (5 * 24 + 6, false),
            (4 * 24 + 5, false), (5 * 24 + 22, false),
        ] { #expect(friday.contains(monday + Int64(hour) * 3600) == isIn, "\(hour)") }
        let sunday = try window("Sun 22:00-06:00")
        #expect(sunday.contains(monday + 3600) && !sunday.contains(monday + 6 * day + 3600))
        let whole = try window("Wed 12:00-12:00")
        #expect(whole.contains(monday + 2 * day + 12 * 3600) && whole.contains(monday + 3 * day + 12 * 3600 - 1))
        #expect(!whole.contains(monday + 3 * day + 12 * 3600) && !whole.contains(monday + 2 * day + 12 * 3600 - 1))
    }

    @Test("the clocks of the zone count, over their changes too")
    func zones() throws {
        let berlin = try window("Sun 02:00-03:00 Europe/Berlin")
        // On 2024-03-31 two o'clock is left out, on 2024-10-27 it comes twice.
        let spring: Int64 = 1_711_846_800
        for second in stride(from: spring - 7200, to: spring + 7200, by: 60) { #expect(!berlin.contains(second)) }
        let autumn: Int64 = 1_729_987_200
        #expect(
            !berlin.contains(autumn - 1) && berlin.contains(autumn) && berlin.contains(autumn + 7199)
                && !berlin.contains(autumn + 7200)
        )
        // Monday morning in Nepal is Sunday evening in UTC.
        let nepal = try window("Mon 00:00-01:00 Asia/Kathmandu")
        #expect(nepal.contains(monday - 20_700) && !nepal.contains(monday - 20_701) && !nepal.contains(monday))
        #expect(try window("00:00-01:00 -02:00").contains(monday + 7200))
    }

    @Test("no moment is out of reach")
    func extremes() throws {
        for text in ["Mon-Fri 22:00-06:00 Europe/Berlin", "Sat-Sun", "00:00-24:00"] {
            let window = try window(text)
            for moment in [Int64.min, -1, 0, .max] { _ = window.contains(moment) }
        }
        #expect(try window("00:00-24:00").contains(.min) && window("00:00-24:00").contains(.max))
    }

    @Test("what is written is read and written back")
    func text() throws {
        for (text, back) in [
            ("Mon-Fri 08:00-18:00 Europe/Berlin", "Mon-Fri 08:00-18:00 Europe/Berlin"), ("Sat-Sun", "Sat-Sun UTC"),
            ("22:00-06:00", "22:00-06:00 UTC"), ("Mon,Wed,Fri 09:00-12:00 UTC", "Mon,Wed,Fri 09:00-12:00 UTC"),
            ("  fri-MON\t8:00-24:00   +0200 ", "Mon,Fri-Sun 08:00-24:00 +02:00"), ("monday,Tuesday Z", "Mon,Tue UTC"),
            ("Sun-Sat", "00:00-24:00 UTC"), ("00:00-24:00", "00:00-24:00 UTC"), ("Mon,Mon-Wed", "Mon-Wed UTC"),
        ] {
            let window = try window(text)
            #expect(window.description == back)
            #expect(try self.window(back) == window)
        }
        let berlin = try #require(zone("Europe/Berlin"))
        #expect(try TimeWindow.parse("Sat-Sun", local: berlin, zone: zone).description == "Sat-Sun Europe/Berlin")
        #expect(try TimeWindow.parse("Sat-Sun local", local: berlin, zone: { _ in nil }).zone == berlin)
    }

    @Test(
        "a text that is none says which part, and what is expected",
        arguments: [
            ("", "", TimeWindowFault.Kind.empty), ("  ", "", .empty), ("Europe/Berlin", "", .empty),
            ("+02:00", "", .empty),
            ("Mon-Fry 08:00-18:00", "Mon-Fry", .days), ("Mo-Fr", "Mo-Fr", .days), ("Mon,,Tue", "Mon,,Tue", .days),
            ("Mon-Wed-Fri", "Mon-Wed-Fri", .days), ("Mon,Nonday", "Nonday", .days), ("08-18", "08-18", .hours),
            ("8:00", "8:00", .hours), ("08:00-24:01", "08:00-24:01", .hours), ("08:60-09:00", "08:60-09:00", .hours),
            ("24:00-08:00", "24:00-08:00", .hours), ("08:00–18:00", "08:00–18:00", .hours),
            ("008:00-18:00", "008:00-18:00", .hours),
            ("08:00-12:00,13:00-17:00", "08:00-12:00,13:00-17:00", .severalHours),
            ("08:00-12:00 UTC 13:00-17:00", "13:00-17:00", .severalHours),
            ("Mon 08:00-12:00 Europe/Atlantis", "Europe/Atlantis", .zone), ("Mon Tue", "Tue", .zone),
            ("Mon UTC please", "please", .tail), ("08:00-18:00 Mon", "Mon", .zone),
            ("08:00-12:00 13:00-17:00", "13:00-17:00", .severalHours),
        ]
    )
    func faults(text: String, part: String, kind: TimeWindowFault.Kind) {
        #expect(throws: TimeWindowFault(text: text, part: part, kind: kind)) { try window(text) }
        #expect(
            TimeWindowFault(text: text, part: part, kind: kind).description.contains("“\(part.isEmpty ? text : part)”")
        )
    }
}
