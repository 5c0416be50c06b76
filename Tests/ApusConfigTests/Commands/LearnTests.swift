import Testing

@testable import ApusConfig

@Suite("apus learn")
struct LearnTests {
    private func line(
        _ host: String,
        status: Int = 200,
        fault: String? = nil,
        upstream: String = "93.184.216.34:80"
    ) -> String {
        let more = fault.map { ",\"fault\":\"\($0)\",\"proxy_status\":\"http_request_denied\"" } ?? ""
        return
            "{\"id\":\"00000000000000ab\",\"kind\":\"request\",\"client\":\"127.0.0.1\",\"method\":\"GET\",\"scheme\":\"http\","
            + "\"host\":\"\(host)\",\"port\":80,\"path\":\"/\",\"status\":\(status),\"upstream\":\"\(upstream)\"\(more)}\n"
    }

    private func result(_ log: String) throws -> Learn.Result {
        let files = FileAccess.memory(["a.log": log])
        let settings = try SettingsParser.parse(arguments: ["learn", "a.log"], environment: [:], files: files)
        return try Learn.result(settings, files: files)
    }

    @Test("the policy that is learned is read without a fault, and allows what was served") func learned() throws {
        let log = ["a.example.org", "b.example.org", "c.example.org", "other.example"].map { line($0) }.joined()
        let result = try result(log + line("denied.example", status: 403, fault: "rule") + "strange\n")
        #expect(result.notice == "1 line is no line of an access log in JSON, and is passed over")
        let text = try #require(result.text)
        let file = SettingsFile(path: "p.yaml", bytes: Array(text.utf8), .none)
        #expect(file.faults == [])
        #expect(text.contains("*.example.org") && text.contains("other.example"))
        let files = FileAccess.memory(["p.yaml": text])
        for (host, answer) in [("b.example.org", "The request is served"), ("denied.example", "403")] {
            let arguments = ["explain", "http://\(host)/", "--config", "p.yaml"]
            let settings = try SettingsParser.parse(arguments: arguments, environment: [:], files: files)
            let page = try Explain.page(settings, now: 0, files: files)
            #expect(page.contains("answer:   \(answer)"), "\(page)")
        }
    }

    @Test(
        "what a cloud's metadata service answered is told and not allowed, and no rule opens what private: true does not"
    )
    func metadata() throws {
        let result = try result(
            line("100.100.100.200", upstream: "100.100.100.200:80")
                + line("imds.example", upstream: "[fd00:ec2::254]:80")
                + line("old.example", upstream: "[::ffff:169.254.169.254]:80")
                + line("inner.example", upstream: "10.0.0.1:80")
        )
        let learned = try #require(result.text)
        let rules = learned.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(rules.filter { $0.contains("private: true") }.count == 1, "\(learned)")
        #expect(rules.contains { $0.contains("inner.example") } && !rules.contains { $0.contains("imds.example") })
        for told in ["100.100.100.200:80\n", "imds.example:80 (fd00:ec2::254)", "old.example:80 (169.254.169.254)"] {
            #expect(learned.contains("1 GET \(told)"), "\(learned)")
        }
        #expect(learned.contains("Served by a cloud's metadata service, and so not allowed"))
    }

    @Test("no log, and one that is not there, are faults") func faults() throws {
        let none = try SettingsParser.parse(arguments: ["learn"], environment: [:])
        #expect(throws: SettingFault.self) { try Learn.result(none, files: .none) }
        let missing = try SettingsParser.parse(arguments: ["learn", "x.log"], environment: [:])
        #expect(throws: SettingFault.self) { try Learn.result(missing, files: .none) }
    }

    @Test("a last line without its end counts, empty ones do not") func lines() {
        let bytes = Array("a\n\nbc".utf8)
        #expect(LogLinesReader.lines(bytes) == [0..<1, 3..<5])
    }
}
