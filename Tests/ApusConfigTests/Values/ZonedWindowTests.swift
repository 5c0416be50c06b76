import ApusPolicy
import Testing

@testable import ApusConfig

@Suite("Windows with zones")
struct ZonedWindowTests {
    @Test("UTC and fixed offsets need no file") func fixed() throws {
        let monday = Int64(1_767_600_000)  // Monday, 5 January 2026, 08:00 UTC.
        #expect(try ZonedWindow.parse("Mon-Fri 08:00-18:00 UTC").contains(monday))
        #expect(try !ZonedWindow.parse("Mon-Fri 08:00-18:00 -02:00").contains(monday))
    }

    @Test(
        "what is none is told with what is expected",
        arguments: ["", "Mon-Fr", "8-18", "Mon 08:00-18:00 Nowhere/Place"]
    )
    func faults(text: String) {
        #expect(throws: ValueFault.self) { try ZonedWindow.parse(text) }
    }

    @Test(
        "a name that would leave the folder of zones is no zone",
        arguments: ["../../etc/passwd", "/etc/localtime", "a\0b"]
    )
    func outside(name: String) {
        #expect(throws: ValueFault.self) { try ZonedWindow.parse("Mon \(name)") }
    }
}
