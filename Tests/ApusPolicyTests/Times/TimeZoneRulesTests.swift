import ApusPolicy
import Testing

@Suite("time zones")
struct TimeZoneRulesTests {
    @Test("files give the offsets that Python's zoneinfo finds in them", arguments: ZoneVectors.all)
    func vectors(vector: ZoneVectors.Vector) throws {
        let zone = try TimeZoneRules(name: vector.name, tzif: vector.bytes)
        for (moment, offset) in vector.table {
            #expect(zone.offset(at: moment) == offset, "\(vector.name) at \(moment)")
        }
    }

    @Test("moments beyond all calendars have an offset too", arguments: ZoneVectors.all)
    func extremes(vector: ZoneVectors.Vector) throws {
        let zone = try TimeZoneRules(name: vector.name, tzif: vector.bytes)
        for moment in [Int64.min, .min + 1, -1 << 60, 1 << 60, .max - 1, .max] {
            #expect(abs(zone.offset(at: moment)) < 93_600)
        }
    }

    @Test("fixed offsets are read and written back")
    func fixed() {
        for (text, name, offset) in [
            ("UTC", "UTC", 0), ("Z", "UTC", 0), ("+02:00", "+02:00", 7_200), ("+0530", "+05:30", 19_800),
            ("-03", "-03:00", -10_800),
            ("-09:30", "-09:30", -34_200), ("+23:59", "+23:59", 86_340),
        ] {
            let zone = TimeZoneRules(fixed: text)
            #expect(zone?.name == name && zone?.offset(at: 0) == Int32(offset), "\(text)")
        }
        for text in [
            "", "+", "utc", "02:00", "+2", "+24:00", "+02:60", "+02:0", "+020:0", "+0:200", "+aa:bb", "+02:00:00",
            "−02:00",
        ] {
            #expect(TimeZoneRules(fixed: text) == nil, "\(text)")
        }
    }
}
