import Apus
import ApusPolicy
import Testing

@testable import ApusConfig

@Suite("parents, as check and explain tell of them")
struct ParentPagesTests {
    private let text = """
        parents:
          office: { url: http://p.example:1, credentials: env:OFFICE, bypass: [.corp.example] }
          out: { url: "socks5://q.example:2" }
        route: [office, direct]
        rules: [{ allow: { to: "*.out.example", route: out, private: true } }, { deny: { to: no.example } }, { allow: all }]

        """

    private func report() -> FileReport {
        FileReport.make("f", environment: ["OFFICE": "anna:geheim"], files: .memory(["f": text]))
    }

    private func explain(_ words: String...) throws -> String {
        let settings = try SettingsParser.parse(
            arguments: ["explain", "--config", "f"] + words,
            environment: [:],
            files: .memory(["f": text])
        )
        return try Explain.page(settings, now: 0, files: .none)
    }

    @Test("check tells each parent and the default, and nothing of a secret")
    func check() {
        let report = report()
        #expect(
            report.text == """
                f: parent office: http://p.example:1, given names, shown credentials
                f: parent out: socks5://q.example:2, given addresses
                f: route: office, direct; directly: .corp.example
                f: no fault
                """
        )
        #expect(
            report.json.contains(
                "\"parents\":[{\"name\":\"office\",\"url\":\"http://p.example:1\",\"connect_by\":\"name\"},"
            )
        )
        #expect(report.json.contains("\"route\":[\"office\",\"direct\"],\"bypass\":[\".corp.example\"]}"))
        #expect(!report.json.contains("geheim"))
    }

    @Test("a parent that was reached is told so, one that was not is a fault at its place")
    func live() {
        var report = report()
        report.reach(report.settings.configuration.parents[0], fault: nil)
        #expect(report.text.contains("f: parent office: http://p.example:1, given names, shown credentials, reached\n"))
        report.reach(report.settings.configuration.parents[1], fault: "Connection refused")
        #expect(
            report.text.contains("f:3:3: parents.out: socks5://q.example:2 cannot be reached: Connection refused\n")
        )
        #expect(report.text.hasSuffix("f: 1 fault"))
        #expect(report.json.contains("\"reached\":true"))
    }

    @Test("explain tells the way, and that a parent that is given names sees what nobody judges")
    func explained() throws {
        let office = try explain("http://a.example/")
        #expect(office.contains("route:    office, direct: the default"))
        #expect(office.contains("note:     office is given the name and looks it up itself"))
        let out = try explain("http://a.out.example/")
        #expect(out.contains("route:    out: rule 1 (f:5:9) says so") && !out.contains("is given the name"))
        #expect(try explain("http://wiki.corp.example/").contains("route:    direct: *.corp.example is left out"))
        #expect(try !explain("http://no.example/").contains("route:"))
    }

    @Test("a name that may go to no parent is refused by explain as by the guard")
    func refused() throws {
        let page = try explain("http://intranet/")
        #expect(page.contains("answer:   403: A name without a dot is one of a network's own"))
        #expect(
            try explain("http://metadata.google.internal/").contains(
                "answer:   403: The address is that of a cloud's metadata"
            )
        )
    }
}
