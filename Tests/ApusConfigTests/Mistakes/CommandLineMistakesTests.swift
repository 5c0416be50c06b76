import Testing

@testable import ApusConfig

/// What people type by mistake, and what the command must answer.
@Suite("mistakes on the command line") struct CommandLineMistakesTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let line: String
        let says: String

        init(_ line: String, _ says: String) {
            self.line = line
            self.says = says
        }

        var testDescription: String { "apus \(line)" }
    }

    private static let policy = """
        users: { anna: "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy" }
        rules:
          - limit: { by: client, bandwidth: 10MB/s, volume: 5GB/day }
          - deny: { to: b.example }
          - allow: all

        """

    private func answer(_ line: String) -> String {
        let files = FileAccess.memory([
            "p.yaml": Self.policy,
            "squid.log": "1700000000.1 45 10.0.0.1 TCP_MISS/200 1 GET http://a/ - HIER_DIRECT/1.2.3.4 -\n",
        ])
        do {
            let arguments = line.split(separator: " ").map { String($0) }
            let settings = try SettingsParser.parse(arguments: arguments, environment: [:], files: files)
            switch settings.action {
            case .explain: return try Explain.page(settings, now: 1_767_600_000, files: files)
            case .learn:
                let result = try Learn.result(settings, files: files)
                return "\(result.text ?? "") \(result.notice ?? "")"
            default: return "taken"
            }
        } catch { return error.description }
    }

    private func judge(_ mistake: Mistake) {
        let answer = answer(mistake.line)
        #expect(answer.contains(mistake.says), "\(answer)")
    }

    @Test(
        "options and words of other proxies",
        arguments: [
            Mistake("--port 8080", "--port: there is no such option; did you mean --listen 127.0.0.1:8080?"),
            Mistake("-p 8080", "-p: there is no such option; did you mean --listen 127.0.0.1:8080?"),
            Mistake("--port=8080", "did you mean --listen 127.0.0.1:8080?"),
            Mistake("8080", "\"8080\" belongs to no option; to listen on that port, write --listen 127.0.0.1:8080"),
            Mistake(
                "--listen 127.0.0.1:3128 --admin-listen 127.0.0.1:3128",
                "--admin-listen: the admin listener cannot have 127.0.0.1:3128 beside the listener 127.0.0.1:3128"
            ),
            Mistake("--admin-token-file /nosuch", "--admin-token-file: /nosuch: there is no such file"),
            Mistake("explain http://a.example --user", "--user needs a value, --user NAME, for example --user anna"),
        ]
    )
    func listed(_ mistake: Mistake) { judge(mistake) }

    @Test(
        "ten more",
        arguments: [
            Mistake("-c apus.yaml", "did you mean --config apus.yaml?"),
            Mistake("-d", "Apus stays in the foreground"),
            Mistake("--verbose", "did you mean --log short?"),
            Mistake("--allow example.org", "rules stand in a file: --config apus.yaml"),
            Mistake("http://example.org/", "apus explain http://example.org/ says what would become of it"),
            Mistake("--upstream http://parent:3128", "did you mean --parent http://parent:3128?"),
            Mistake("start", "start: there is no such command; apus serve, or apus alone, serves"),
            Mistake("squid.conf", "to read it, write --config squid.conf"),
            Mistake("--user proxy", "did you mean --run-as proxy?"),
            Mistake("restart", "apus reload puts changed settings in force"),
        ]
    )
    func more(_ mistake: Mistake) { judge(mistake) }

    @Test(
        "what is a slip in one of ours is told as one",
        arguments: [
            Mistake("--lisen 127.0.0.1:1", "did you mean --listen?"), Mistake("-v", "did you mean --version?"),
            Mistake("--logg json", "did you mean --log?"), Mistake("check --port 1", "--port: there is no such option"),
            Mistake("explain /index.html", "\"/index.html\": The host is malformed; apus explain takes"),
            Mistake("stat", "did you mean apus status?"), Mistake("--qqqqqq", "--qqqqqq: there is no such option"),
        ]
    )
    func slips(_ mistake: Mistake) { judge(mistake) }

    @Test("an option that takes a value has one to show, which is no placeholder") func examples() {
        for command in Command.allCases {
            for option in command.row.options {
                let isRight =
                    option.placeholder.isEmpty
                    ? option.example.isEmpty : !option.example.isEmpty && option.example != option.placeholder
                #expect(isRight, "\(command) --\(option.name)")
            }
        }
    }

    @Test(
        "logs of another program",
        arguments: [
            Mistake("learn squid.log", "squid.log: no line is one of an access log in JSON, which --log json writes"),
            Mistake(
                "explain --id 03cb36f1a2b4c5d6 --log squid.log",
                "squid.log is no access log in JSON: --id looks for its line in one"
            ),
        ]
    )
    func logs(_ mistake: Mistake) {
        judge(mistake)
        #expect(!answer(mistake.line).contains("deny: all"))
    }

    @Test(
        "an explanation says one thing, and in the words of the file",
        arguments: [
            Mistake(
                "explain example.com:22 --config p.yaml",
                "decision: allowed by rule 3 (p.yaml:5:5), refused by connect-ports (443)"
            ),
            Mistake("explain example.com:22 --config p.yaml", "lift it:  "),
            Mistake("explain http://b.example/ --config p.yaml", "limit: does not count: the request is not served"),
            Mistake("explain http://a.example/ --config p.yaml", "bandwidth 10MB/s, volume 5GB/day, by client"),
            Mistake(
                "explain http://a.example/ --user ana --config p.yaml",
                "there is no user ana: that client would get 407; did you mean anna?"
            ),
        ]
    )
    func explained(_ mistake: Mistake) { judge(mistake) }
}
