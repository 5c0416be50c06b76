import Testing

@testable import ApusConfig

@Suite("apus learn")
struct LearnTests {
    private func line(_ host: String, status: Int = 200, fault: String? = nil) -> String {
        let more = fault.map { ",\"fault\":\"\($0)\",\"proxy_status\":\"http_request_denied\"" } ?? ""
        return
            "{\"id\":\"00000000000000ab\",\"kind\":\"request\",\"client\":\"127.0.0.1\",\"method\":\"GET\",\"scheme\":\"http\","
            + "\"host\":\"\(host)\",\"port\":80,\"path\":\"/\",\"status\":\(status),\"upstream\":\"93.184.216.34:80\"\(more)}\n"
    }

    private func result(_ log: String) throws -> Learn.Result {
        let files = FileAccess.memory(["a.log": log])
        let settings = try SettingsParser.parse(arguments: ["learn", "a.log"], environment: [:], files: files)
        return try Learn.result(settings, files: files)
    }

    @Test("the policy that is learned is read without a fault, and allows what was served") func learned() throws {
        let log = ["a.example.org", "b.example.org", "c.example.org", "other.example"].map { line($0) }.joined()
        let result = try result(log + line("denied.example", status: 403, fault: "rule") + "strange\n")
        #expect(result.strange == 1)
        let file = SettingsFile(path: "p.yaml", bytes: Array(result.text.utf8), .none)
        #expect(file.faults == [])
        #expect(result.text.contains("*.example.org") && result.text.contains("other.example"))
        let files = FileAccess.memory(["p.yaml": result.text])
        for (host, answer) in [("b.example.org", "The request is served"), ("denied.example", "403")] {
            let arguments = ["explain", "http://\(host)/", "--config", "p.yaml"]
            let settings = try SettingsParser.parse(arguments: arguments, environment: [:], files: files)
            let page = try Explain.page(settings, now: 0, files: files)
            #expect(page.contains("answer:   \(answer)"), "\(page)")
        }
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
