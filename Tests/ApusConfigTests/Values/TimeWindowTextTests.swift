import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct TimeWindowTextTests {
    private func fault(_ text: String) -> String {
        do throws(ValueFault) { return "no fault, but \(try TimeWindowText(text))" } catch { return error.message }
    }

    @Test(
        "days, hours and a zone, each alone as well",
        arguments: [
            ("Mon-Fri 08:00-18:00 Europe/Berlin", 0b001_1111, 480, 1080, "Europe/Berlin"),
            ("Sat-Sun", 0b110_0000, 0, 1440, nil), ("sat,SUN", 0b110_0000, 0, 1440, nil),
            ("Fri-Mon", 0b111_0001, 0, 1440, nil), ("Monday,Wed-Thu", 0b000_1101, 0, 1440, nil),
            ("08:00-18:00", 0x7f, 480, 1080, nil), ("22:00-6:30", 0x7f, 1320, 390, nil),
            ("22:00-24:00", 0x7f, 1320, 1440, nil), ("22:00-00:00", 0x7f, 1320, 1440, nil),
            ("Mon UTC", 1, 0, 1440, "UTC"), ("00:00-12:00 Etc/GMT+1", 0x7f, 0, 720, "Etc/GMT+1"),
        ] as [(String, UInt8, UInt16, UInt16, String?)]
    )
    func windows(_ text: String, _ days: UInt8, _ start: UInt16, _ end: UInt16, _ zone: String?) throws {
        let window = try TimeWindowText(text)
        #expect(window.days == days && window.start == start && window.end == end && window.zone == zone)
        #expect(try timeWindow(text) == TimeWindow(days: days, start: start, end: end))
        let again = try TimeWindowText(TimeWindowText.describe(try timeWindow(text)))
        #expect(again.days == days && again.start == start && again.end == end)
    }

    @Test(
        "what is no time says what is expected",
        arguments: [
            ("", "the time is empty; it takes Mon-Fri 08:00-18:00 Europe/Berlin"),
            ("Mo-Fr", "\"Mo-Fr\" is neither days (Mon-Fri), hours (08:00-18:00) nor a zone (Europe/Berlin)"),
            ("Mon-Fry", "\"Mon-Fry\" is no day; it takes Mon, Tue, Wed, Thu, Fri, Sat, Sun, or Mon-Fri"),
            ("Mon,", "\"\" is no day; it takes Mon, Tue, Wed, Thu, Fri, Sat, Sun, or Mon-Fri"),
            ("8-18", "\"8-18\" is no span of hours; it takes 08:00-18:00, in hours from 00:00 to 24:00"),
            ("08:00", "\"08:00\" is no span of hours; it takes 08:00-18:00, in hours from 00:00 to 24:00"),
            ("08:00-24:30", "\"08:00-24:30\" is no span of hours; it takes 08:00-18:00, in hours from 00:00 to 24:00"),
            ("08:00-18:60", "\"08:00-18:60\" is no span of hours; it takes 08:00-18:00, in hours from 00:00 to 24:00"),
            ("08:00-08:00", "\"08:00-08:00\" begins when it ends; leave the hours out for the whole day"),
            (
                "08:00-18:00 Mon",
                "\"08:00-18:00 Mon\" is out of order; it takes days, hours and zone: Mon-Fri 08:00-18:00 Europe/Berlin"
            ),
            ("Mon berlin", "\"berlin\" is neither days (Mon-Fri), hours (08:00-18:00) nor a zone (Europe/Berlin)"),
            ("../../etc", "\"../../etc\" is neither days (Mon-Fri), hours (08:00-18:00) nor a zone (Europe/Berlin)"),
        ]
    )
    func faults(_ text: String, _ message: String) {
        #expect(fault(text) == message)
    }
}
