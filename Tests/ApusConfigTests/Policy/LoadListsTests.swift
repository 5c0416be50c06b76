import ApusPolicy
import Testing

@testable import ApusConfig

@Suite("lists as they are read")
struct LoadListsTests {
    private func settings(_ format: String) -> String {
        "lists: { l: { file: l.txt, format: \(format) } }\nrules: [{ deny: { to: list:l } }, { allow: all }]\n"
    }

    private func files(_ format: String, _ list: String) -> FileAccess {
        .memory(["f": settings(format), "l.txt": list])
    }

    @Test(
        "one line that is passed over is told with its number, however many are taken",
        arguments: [
            ("https://ads.example/x", "The host contains a character that no host name has."),
            ("ads.example:443", "The host contains a character that no host name has."),
            ("10.0.0.0/8", "The host contains a character that no host name has."),
            ("a.example b.example", "There is more than one name on the line."),
            ("bücher.example", "The host contains a byte that is not ASCII; such names are written as xn-- labels."),
            ("||ads.example^", "The host contains a character that no host name has."),
            ("0.0.0.0 ads.example", "There is more than one name on the line."),
        ]
    )
    func line(text: String, reason: String) throws {
        let list = "a.example\n# c\n\(text)\n" + (0..<500).map { "n\($0).example\n" }.joined()
        let told = "lists.l: l.txt: 501 entries as `format: domains`, and 1 line is passed over; line 3: "
        let report = FileReport.make("f", environment: [:], files: files("domains", list))
        let warning = try #require(report.warnings.first)
        #expect(report.faults == [] && report.warnings.count == 1)
        #expect(warning.message == told + reason && warning.place.line == 1, "\(warning.message)")
        #expect(report.text.contains("f:1:21: warning: " + told))
    }

    @Test("the start and each reload tell it too")
    func notices() throws {
        let arguments = ["--config", "f"]
        let clean = files("domains", "a.example\n")
        let odd = files("domains", "a.example\nb.example\nhttp://c.example/\n")
        let started = try SettingsParser.parse(arguments: arguments, environment: [:], files: odd)
        func told(_ settings: ParsedSettings) -> Bool {
            settings.notices.contains { $0.contains("1 line is passed over; line 3") }
        }
        #expect(told(started))
        let before = try SettingsParser.parse(arguments: arguments, environment: [:], files: clean)
        #expect(!told(before))
        let after = try SettingsFile.reload(arguments: arguments, environment: [:], files: odd, after: before)
        #expect(told(after.settings))
    }

    @Test("lines count, not names; a file that is mostly passed over is told what it would be in another format")
    func formats() throws {
        func message(_ format: String, _ list: String) -> String? {
            FileReport.make("f", environment: [:], files: files(format, list)).warnings.first?.message
        }
        let hosts = "0.0.0.0 a.example http://b http://c\n0.0.0.0 d.example\n"
        let told = "2 entries as `format: hosts`, and 1 line is passed over; line 1: "
        #expect(message("hosts", hosts)?.contains(told) == true)
        let wrong = try #require(message("domains", "0.0.0.0 a.example\n0.0.0.0 b.example\n"))
        #expect(wrong.contains("0 entries as `format: domains`, and 2 lines are passed over; line 1: "))
        #expect(wrong.hasSuffix(" As `format: hosts` it would have 2."))
        #expect(message("domains", "# nothing\n") == "lists.l: l.txt: 0 entries as `format: domains`")
        #expect(message("domains", "a.example\n") == nil)
    }
}
