import Testing

@testable import ApusPolicy

@Suite("rules for every year")
struct RecurringRuleTests {
    @Test("the changes of a year are where Python's zoneinfo finds them")
    func vectors() throws {
        for (text, table) in ZoneVectors.footers {
            let rule = try RecurringRule(Array(text.utf8))
            for (moment, offset) in table { #expect(rule.offset(at: moment) == offset, "\(text) at \(moment)") }
        }
    }

    @Test("a saving that ends where the next one begins never ends")
    func permanent() throws {
        // RFC 9636 §3.3.1 gives this form for daylight saving all year round.
        let rule = try RecurringRule(Array("EST5EDT,0/0,J365/25".utf8))
        for moment in stride(from: Int64(0), to: 400 * 366 * 86_400, by: 86_399) {
            #expect(rule.offset(at: moment) == -14_400)
        }
    }

    @Test("a text that is no rule is refused, and so is every part of one")
    func faults() {
        let whole = "<+1030>-10:30<+11>-11,M10.1.0/2,M4.1.0/2"
        var prefixes = (0..<whole.utf8.count).map { String(whole.prefix($0)) }
        // These are whole by themselves: an offset, a shorter number, or a change at the usual hour.
        prefixes.removeAll {
            ["<+1030>-1", "<+1030>-10", "<+1030>-10:3", "<+1030>-10:30"].contains($0) || $0.hasSuffix(",M4.1.0")
        }
        let others = [
            "CET", "CE1", "<+1>2", "CET-25", "CET-1:60", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
            "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "CET-1CEST,J366,J5",
            "CET-1CEST,366,5",
            "CET-1CEST,M3.5.0/168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0 ", "CET-1CEST,M3.5.0,M10.5.0,", "CET-0001",
            ":Europe/Berlin",
            "<a b>1", "CET-",
        ]
        for text in prefixes + others {
            #expect(throws: TimeZoneFault.rule, "\(text)") { try RecurringRule(Array(text.utf8)) }
        }
    }
}
