import Testing

@testable import ApusConfig

@Suite("apus explain")
struct ExplainTests {
    private static let policy = """
        connect-ports: [443]
        users: { anna: "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy" }
        rules:
          - name: no ads
            deny: { to: "*.ads.example" }
          - name: wiki
            allow: { user: anna, to: wiki.example, private: true, method: GET }
          - name: office hours
            allow: { to: news.example, time: "Mon-Fri 08:00-18:00 UTC" }
          - name: team
            allow: { user: "group:web", to: team.example }
        groups: { web: [anna] }
        """

    private func page(_ arguments: String..., log: String = "") throws -> String {
        let files = FileAccess.memory(["p.yaml": Self.policy, "access.log": log])
        let settings = try SettingsParser.parse(
            arguments: ["explain", "--config", "p.yaml"] + arguments,
            environment: [:],
            files: files
        )
        return try Explain.page(settings, now: 1_767_600_000, files: files)
    }

    private func fault(_ arguments: String...) -> String {
        let files = FileAccess.memory(["p.yaml": Self.policy])
        do {
            let all = ["explain", "--config", "p.yaml"] + arguments
            let settings = try SettingsParser.parse(arguments: all, environment: [:], files: files)
            return "no fault, but " + (try Explain.page(settings, now: 0, files: files))
        } catch {
            return "\(error)"
        }
    }

    @Test("a URL is decided as the proxy would decide it") func url() throws {
        #expect(try page("http://X.ads.example/a").contains("decision: denied by no ads (p.yaml:4:5)"))
        #expect(try page("http://other.example/").contains("answer:   403: No rule"))
        #expect(try page("http://wiki.example/").contains("answer:   407:"))
        let served = try page("http://wiki.example/", "--user", "anna", "--resolve", "wiki.example=10.0.0.1")
        #expect(served.contains("answer:   The request is served."))
        #expect(try page("http://wiki.example/", "--user", "bo").contains("decision: denied: no rule matches"))
        #expect(try page("http://wiki.example/", "--method", "POST").contains("passed over: method is POST, not GET"))
    }

    @Test("a tunnel is asked for by https, by HOST:PORT, or by its method") func tunnels() throws {
        for arguments in [
            ["https://wiki.example/x"], ["wiki.example:443"], ["http://wiki.example", "--method", "CONNECT"],
        ] {
            let files = FileAccess.memory(["p.yaml": Self.policy])
            let all = ["explain", "--config", "p.yaml"] + arguments
            let settings = try SettingsParser.parse(arguments: all, environment: [:], files: files)
            let page = try Explain.page(settings, now: 0, files: files)
            #expect(page.hasPrefix("CONNECT wiki.example:443 from 127.0.0.1"), "\(page)")
        }
    }

    @Test("a time decides by the windows of rules") func times() throws {
        #expect(try page("http://news.example/", "--at", "2026-01-05T09:00Z").contains("allowed by office hours"))
        #expect(try page("http://news.example/", "--at", "2026-01-04T09:00Z").contains("no rule matches"))
        #expect(try QuestionReader.time("1970-01-01") == 0)
        #expect(try QuestionReader.time("2000-02-29T23:59:59Z") == 951_868_799)
    }

    @Test("a decision of a log is explained by its id") func id() throws {
        let log = """
            nonsense
            {"time":"2026-01-05T09:00:00.000000Z","id":"00000000000000ab","kind":"request","client":"192.0.2.7","client_port":1,\
            "listener":"127.0.0.1:3128","method":"GET","scheme":"http","host":"x.ads.example","port":80,"path":"/q"}

            """
        let page = try page("--id", "00000000000000AB", "--log", "access.log", log: log)
        #expect(page.hasPrefix("GET http://x.ads.example/q from 192.0.2.7, no user, at 2026-01-05T09:00:00Z"))
        #expect(page.contains("denied by no ads"))
    }

    @Test("the groups of the credentials are those that the line tells, unless others are given") func groups() throws {
        let log = """
            {"time":"2026-01-05T09:00:00.000000Z","id":"00000000000000ab","kind":"request","client":"192.0.2.7","user":"bo",\
            "groups":"ops,web","method":"GET","scheme":"http","host":"team.example","port":80,"path":"/"}

            """
        let page = try page("--id", "00000000000000ab", "--log", "access.log", log: log)
        #expect(page.contains("allowed by team"))
        let other = try self.page("--id", "00000000000000ab", "--log", "access.log", "--groups", "ops", log: log)
        #expect(!other.contains("allowed by team"))
    }

    @Test("the name inside a tunnel is judged as a ClientHello's would be") func inside() throws {
        let rules = """
            rules:
              - name: no ads
                deny: { to: "*.ads.example" }
              - name: rest
                allow: all
            """
        func page(_ arguments: String..., log: String = "") throws -> String {
            let files = FileAccess.memory(["q.yaml": rules, "access.log": log])
            let all = ["explain", "--config", "q.yaml", "--resolve", "a.example=93.184.216.34"] + arguments
            let settings = try SettingsParser.parse(arguments: all, environment: [:], files: files)
            return try Explain.page(settings, now: 0, files: files)
        }
        #expect(
            try page("https://a.example", "--sni", "X.ads.example").contains(
                "inside:   x.ads.example: refused: no ads (q.yaml:2:5)"
            )
        )
        #expect(try page("https://a.example", "--sni=b.example").contains("inside:   b.example: passes"))
        // What the setting takes stays the setting's.
        let reported = try page("a.example:443", "--sni", "report", "--sni", "x.ads.example")
        #expect(reported.contains("inside:   x.ads.example: passes, and is recorded: no ads"))
        let log = """
            {"time":"2026-01-05T09:00:00.000000Z","id":"00000000000000ab","kind":"tunnel","client":"192.0.2.7","method":"CONNECT",\
            "host":"a.example","port":443,"upstream":"93.184.216.34:443","server_name":"x.ads.example"}

            """
        #expect(
            try page("--id", "00000000000000ab", "--log", "access.log", log: log).contains(
                "x.ads.example: refused: no ads"
            )
        )
        #expect(fault("http://a.example/", "--sni", "b.example").contains("inside a tunnel"))
        #expect(fault("https://a.example/", "--sni", "b.example.").contains("no name that a ClientHello may bear"))
    }

    private func explain(_ text: String, _ arguments: String...) throws -> String {
        let files = FileAccess.memory(["p.yaml": text])
        let all = ["explain", "http://93.184.216.34/", "--config", "p.yaml"] + arguments
        return try Explain.page(
            try SettingsParser.parse(arguments: all, environment: [:], files: files),
            now: 0,
            files: files
        )
    }

    @Test("on a listener that is not loopback it says whether the client is served at all") func admission() throws {
        let open = "listen: [127.0.0.1:3128, 0.0.0.0:3129]\nrules: [allow: all]\n"
        #expect(try explain(open).contains("client:   127.0.0.1 on 127.0.0.1:3128: served"))
        #expect(try explain(open).contains("answer:   The request is served."))
        let stranger = try explain(open, "--from", "192.0.2.7")
        #expect(stranger.contains("client:   192.0.2.7 on 0.0.0.0:3129: not served"))
        #expect(stranger.contains("answer:   403: This client is not allowed to use this proxy."))
        #expect(
            try explain(open, "--listener", "0.0.0.0:3129").contains("client:   127.0.0.1 on 0.0.0.0:3129: not served")
        )
        let covered = try explain(open + "allow-from: 192.0.2.0/24\n", "--from", "192.0.2.7")
        #expect(covered.contains("served, for allow-from covers it") && covered.contains("The request is served."))
        #expect(try explain(open, "--from", "::2").contains("::2 on 0.0.0.0:3129"))
    }

    @Test("a listener's rules are those of the listener that the client comes to") func listener() throws {
        let text = """
            listen: [127.0.0.1:3128, 127.0.0.1:3129]
            rules: [{ name: second, deny: { listener: 127.0.0.1:3129 } }, allow: all]

            """
        #expect(try explain(text).contains("The request is served."))
        #expect(try explain(text, "--listener", "127.0.0.1:3129").contains("denied by second"))
        #expect(throws: SettingFault.self) { try explain(text, "--listener", "localhost") }
    }

    @Test("where all must show credentials, nobody is served without, and a stranger with them") func credentials()
        throws
    {
        let users = "users: { anna: \"$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy\" }\n"
        let none = "listen: 0.0.0.0:3128\nrules: none\n" + users
        #expect(try explain(none, "--from", "192.0.2.7").contains("answer:   407:"))
        #expect(try explain(none, "--from", "192.0.2.7", "--user", "anna").contains("The request is served."))
        let always = "rules: [allow: all]\nauthentication: { required: always }\n" + users
        #expect(try explain(always).contains("answer:   407:"))
    }

    @Test("the admin listener is nobody's to reach") func admin() throws {
        let files = FileAccess.memory(["p.yaml": "rules: [{ allow: { to: all, private: true } }]\n"])
        let all = ["explain", "http://127.0.0.1:9128/", "--config", "p.yaml"]
        let settings = try SettingsParser.parse(arguments: all, environment: [:], files: files)
        #expect(try Explain.page(settings, now: 0, files: files).contains("answer:   403:"))
    }

    @Test("JSON is one object") func json() throws {
        let page = try page("http://x.ads.example/", "--json")
        #expect(page.hasPrefix("{") && page.hasSuffix("}") && page.contains(#""status":403"#))
    }

    @Test("what is wrong is told with what to write") func faults() {
        #expect(fault().contains("wants a URL"))
        #expect(fault("ftp://a.example/").contains("http://HOST/PATH"))
        #expect(fault("http://a.example/", "--from", "me").contains("is no IP address"))
        #expect(fault("http://a.example/", "--at", "noon").contains("2026-01-31T12:00Z"))
        #expect(fault("http://a.example/", "--at", "2026-13-01").contains("is no time"))
        #expect(fault("http://a.example/", "--resolve", "b.example=192.0.2.1").contains("not b.example"))
        #expect(fault("--id", "12").contains("--log FILE"))
        #expect(fault("--id", "12", "--log", "none.log").contains("there is no such file"))
        #expect(fault("http://a.example/", "--metod", "GET").contains("did you mean --method"))
    }
}
