import ApusPolicy
import ApusWire
import Testing

@testable import ApusConfig

@Suite struct PolicyReaderTests {
    /// The example of the design, with the files that it names.
    static let example = """
        listen: [127.0.0.1:3128, "[::1]:3128"]
        contact: proxy-team@example.org     # whom a refused client may ask
        tell: rule                          # nothing | rule | everything
        mode: enforce                       # enforce | report
        groups: { ops: [anna, bo] }
        users: { file: users.htpasswd }     # or inline: { anna: "$2y$…" }
        lists:
          ads: { file: hosts.txt, format: hosts, refresh: 1h }     # hosts | domains | adblock | rpz
        rules:
          - deny: { to: list:ads }
          - name: package mirrors
            allow: { from: 10.0.0.0/8, user: ci, to: ["*.mirrors.example", packages.example.org], ports: [80, 443] }
          - allow: { user: [anna, group:ops], to: internal.example, private: true }
          - allow: { to: docs.example, method: [GET, HEAD], path: /public/, scheme: http, not: { time: "Sat-Sun" } }
          - allow: { to: api.example, time: "Mon-Fri 08:00-18:00 Europe/Berlin", request-headers: { set: { X-Team: ci }, drop: [Cookie] } }
          - limit: { user: ci, requests: 50/s, bandwidth: 10MB/s, tunnels: 200, volume: 5GB/day, by: user }
          - deny: { to: "*.social.example", status: 451, text: "Not from here.", mode: report }
          - deny: all
        """

    private func read(_ text: String, path: String = "apus.yaml", _ files: [String: String] = [:]) -> SettingsFile {
        SettingsFile(path: path, bytes: Array(text.utf8), .memory(files))
    }

    @Test("the example of the design reads as it says, each rule with its place")
    func design() throws {
        let file = read(Self.example, path: "/etc/apus/apus.yaml", ["/etc/apus/hosts.txt": "0.0.0.0 ads.example # x\n"])
        #expect(file.faults == [] && file.warnings == [])
        let policy = file.policy
        #expect(policy.rules.contact == "proxy-team@example.org")
        #expect(policy.rules.telling == .rule && !policy.rules.isReportOnly)
        #expect(policy.rules.groups == ["ops": ["anna", "bo"]])
        let place = SourcePosition(file: "/etc/apus/apus.yaml", line: 8, column: 16)
        #expect(
            policy.lists == [
                ListSource(
                    name: "ads",
                    file: "/etc/apus/hosts.txt",
                    format: .hosts,
                    refresh: .seconds(3600),
                    place: place
                )
            ]
        )
        #expect(holds(policy.rules.lists["ads"], "ads.example"))
        guard case .file("/etc/apus/users.htpasswd", let place) = policy.users else {
            Issue.record("\(String(describing: policy.users))")
            return
        }
        #expect(place.line == 6 && place.column == 16)
        let rules = policy.rules.rules
        #expect(rules.map(\.position.line) == [10, 11, 13, 14, 15, 16, 17, 18])
        #expect(Set(rules.map(\.position.column)) == [5])
        #expect(
            rules
                == (try expected()).enumerated().map { index, rule in
                    var rule = rule
                    rule.position = rules[index].position
                    return rule
                }
        )
    }

    private func expected() throws -> [Rule] {
        var ads = Condition()
        ads.hosts = [.list("ads")]
        var mirrors = Condition()
        mirrors.from = [try CIDR("10.0.0.0/8")]
        mirrors.users = [.user("ci")]
        mirrors.hosts = [.under("mirrors.example"), .name("packages.example.org")]
        mirrors.ports = [80...80, 443...443]
        var inside = Condition()
        inside.users = [.user("anna"), .group("ops")]
        inside.hosts = [.name("internal.example")]
        var opened = Permission()
        opened.allowsPrivate = true
        var docs = Condition()
        docs.hosts = [.name("docs.example")]
        docs.methods = ["GET", "HEAD"]
        docs.paths = ["/public/"]
        docs.schemes = [.http]
        var weekend = Condition()
        weekend.times = [try ZonedWindow.parse("Sat-Sun")]
        docs.exceptions = [weekend]
        var api = Condition()
        api.hosts = [.name("api.example")]
        api.times = [try ZonedWindow.parse("Mon-Fri 08:00-18:00 Europe/Berlin")]
        var edited = Permission()
        edited.requestFields.set = [.init(name: "X-Team", value: "ci")]
        edited.requestFields.drop = ["Cookie"]
        var ci = Condition()
        ci.users = [.user("ci")]
        var limit = UsageLimit()
        limit.requests = .init(50, per: 1_000_000)
        limit.bandwidth = .init(10_000_000, per: 1_000_000)
        limit.tunnels = 200
        limit.volume = .init(5_000_000_000, per: 86_400_000_000)
        var social = Condition()
        social.hosts = [.under("social.example")]
        var told = Rejection()
        told.status = 451
        told.text = "Not from here."
        return [
            Rule(.deny(Rejection()), when: ads),
            Rule(.allow(Permission()), when: mirrors, name: "package mirrors"),
            Rule(.allow(opened), when: inside),
            Rule(.allow(Permission()), when: docs),
            Rule(.allow(edited), when: api),
            Rule(.limit(limit), when: ci),
            Rule(.deny(told), when: social, isReportOnly: true),
            Rule(.deny(Rejection())),
        ]
    }

    @Test("the example of the issue reads without a fault")
    func issue() {
        let text = """
            listen: [127.0.0.1:3128, "[::1]:3128"]
            users:  { file: users.htpasswd }          # or inline, hashed only
            lists:
              ads: { file: hosts.txt, format: hosts, refresh: 1h }
            rules:                                     # the first that matches decides
              - deny: { to: list:ads }
              - name: package mirrors
                allow: { from: 10.0.0.0/8, user: ci, to: ["*.mirrors.example", packages.example.org], ports: [80, 443] }
              - allow: { user: [anna, bo], to: internal.example, private: true }   # a named exception
              - limit: { user: ci, requests: 50/s, bandwidth: 10MB/s, tunnels: 200, volume: 5GB/day }
              - deny: all
            """
        let file = read(text, ["hosts.txt": "0.0.0.0 ads.example\n"])
        #expect(file.faults == [] && file.warnings == [])
        #expect(file.policy.rules.rules.count == 5)
    }

    @Test("one entry stands for a list of one, commas part entries, and a list takes them one by one")
    func lists() throws {
        let file = read(
            "rules: [{ allow: { to: \"a.org, *.b.org\", ports: [443, 8000-8100], private: [10.0.0.0/8, \"::1\"], from: \"::1\" } }]"
        )
        #expect(file.faults == [])
        let rule = try #require(file.policy.rules.rules.first)
        #expect(rule.condition.hosts == [.name("a.org"), .under("b.org")])
        #expect(rule.condition.ports == [443...443, 8000...8100])
        guard case .allow(let permission) = rule.action else {
            Issue.record("\(rule.action)")
            return
        }
        #expect(permission.exceptions.map(\.description) == ["10.0.0.0/8", "::1/128"])
        #expect(!permission.allowsPrivate)
    }

    @Test("all is everyone: a rule without conditions, every host, every user; mode and name stand inside as well")
    func all() throws {
        let rules = read(
            "rules: [allow: all, deny: { to: all, user: all, name: n, mode: report }]\ntokens: { a: \"sha256:\(String(repeating: "0f", count: 32))\" }"
        ).policy.rules.rules
        #expect(rules[0].condition.isEmpty)
        #expect(rules[1].condition.hosts == [.any] && rules[1].condition.users == [.anyone])
        #expect(rules[1].name == "n" && rules[1].isReportOnly)
    }

    @Test("not takes a condition or a list of them")
    func exceptions() throws {
        let text =
            "rules: [{ deny: { not: [{ to: a.org, ports: 443 }, { from: 10.0.0.1 }] } }, { deny: { not: { to: a.org } } }]"
        let rules = read(text).policy.rules.rules
        #expect(rules[0].condition.exceptions.count == 2)
        #expect(rules[0].condition.exceptions[0].ports == [443...443])
        #expect(rules[1].condition.exceptions.map(\.hosts) == [[.name("a.org")]])
    }

    @Test("listeners are told in the form of listen, whatever was written")
    func listeners() throws {
        let rules = read("rules: [{ deny: { listener: [127.0.0.1:3128, \"[::1]:3129\"] } }]").policy.rules.rules
        #expect(rules.first?.condition.listeners == ["127.0.0.1:3128", "[::1]:3129"])
    }

    @Test("users inline, tokens and jwt are values with their places")
    func credentials() throws {
        let bcrypt = "$2y$10$" + String(repeating: "x", count: 53)
        let yescrypt = "$y$j9T$" + String(repeating: "x", count: 60)
        let digest = String(repeating: "0f", count: 32)
        let text = """
            users: { anna: "\(bcrypt)", file: "\(yescrypt)" }
            tokens: { ci-bot: "sha256:\(digest)", old: ["sha256:\(digest)", "sha256:\(digest)"] }
            jwt: { keys: /k/jwks.json, issuer: https://idp.example, audience: [apus, proxy], user-claim: email, groups-claim: roles }
            rules: none
            """
        let file = read(text)
        #expect(file.faults == [] && file.warnings == [])
        let place = SourcePosition(file: "apus.yaml", line: 1, column: 16)
        guard case .inline(let entries) = file.policy.users else {
            Issue.record("\(String(describing: file.policy.users))")
            return
        }
        // A user may be named file: a hash is no path.
        #expect(entries.map(\.name) == ["anna", "file"])
        #expect(entries[0] == UserSource.Entry(name: "anna", hash: bcrypt, place: place))
        #expect(file.policy.tokens.map(\.user) == ["ci-bot", "old", "old"])
        #expect(file.policy.tokens[0].digest == [UInt8](repeating: 15, count: 32))
        let jwt = try #require(file.policy.jwt)
        #expect(jwt.keys == "/k/jwks.json" && jwt.issuer == "https://idp.example")
        #expect(jwt.audiences == ["apus", "proxy"] && jwt.userClaim == "email")
        #expect(jwt.groupsClaim == "roles")
    }

    @Test("where tokens name groups, a rule may name one that the file does not") func tokenGroups() throws {
        let rules = "groups: { jobs: [ci] }\nrules:\n  - allow: { user: [group:ops, group:jobs] }\n"
        let file = read("jwt: { keys: k, issuer: i, audience: a }\n" + rules)
        #expect(file.faults == [] && file.warnings == [])
        #expect(file.policy.jwt?.groupsClaim == "groups" && file.policy.rules.takesGroups)
        #expect(read(rules).faults.count == 1 && !read(rules).policy.rules.takesGroups)
        _ = try CompiledPolicy(file.policy.rules)
    }

    @Test("anchors, aliases and merge keys in rules are faults with their places, and no rule comes of them")
    func anchors() throws {
        let text = """
            rules:
              - allow: &team { from: 10.0.0.0/8, to: &hosts [a.org, b.org] }
              - deny: { <<: *team, ports: 80 }
              - deny: { to: *hosts }
            """
        let file = read(text)
        #expect(file.faults.map { [$0.place.line, $0.place.column] } == [[2, 12], [2, 42], [3, 13], [4, 17]])
    }

    @Test(
        "a list's file is read by its format",
        arguments: [
            ("hosts", "127.0.0.1 localhost\n0.0.0.0 ADS.example b.example # c\n", ["ads.example", "b.example"]),
            ("domains", "# c\nads.example\n\nb.example", ["ads.example", "b.example"]),
            ("adblock", "! c\n||ads.example^\n||b.example^$important\n/banner/", ["a.ads.example", "b.example"]),
            ("rpz", "$TTL 60\nads.example CNAME .\n", ["ads.example"]),
        ]
    )
    func listFormats(_ format: String, _ text: String, _ names: [String]) throws {
        let file = read("lists: { l: { file: l.txt, format: \(format) } }", path: "d/apus.yaml", ["d/l.txt": text])
        let list = try #require(file.policy.rules.lists["l"])
        for name in names { #expect(holds(list, name), "\(name)") }
        #expect(!holds(list, "c"))
    }

    private func holds(_ list: HostList?, _ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return list?.contains(bytes.span) ?? false
    }

    @Test("the old word for tunnels is taken, and told with its place and the new one, in exceptions too")
    func oldWord() {
        let text = """
            rules:
              - allow: { to: a.org, scheme: https }
              - allow: { to: b.org, scheme: [http, https] }
              - deny: { not: { scheme: https } }
              - allow: { to: c.org, scheme: http, method: CONNECT }
            """
        let file = read(text)
        #expect(file.faults == [] && file.policy.rules.rules[0].condition.schemes == [.https])
        let told = file.warnings.filter { $0.message.contains("the old word for tunnels") }
        #expect(told.map { [$0.place.line, $0.place.column] } == [[2, 33], [3, 33], [4, 28]])
        #expect(told.map { $0.message.hasSuffix("write method: CONNECT in its place") } == [true, false, true])
    }

    @Test("an allow rule says whether its tunnels must be TLS") func tunnels() {
        for word in ["required", "any"] {
            let file = read("rules:\n  - allow: { to: ssh.example, ports: 22, tls: \(word) }\n")
            #expect(file.faults == [] && file.warnings == [])
            guard case .allow(let permission)? = file.policy.rules.rules.first?.action else { continue }
            #expect(permission.tls?.rawValue == word)
            #expect(
                RuleText.describe(file.policy.rules.rules[0]) == "allow: { to: ssh.example, ports: 22, tls: \(word) }"
            )
        }
        #expect(read("rules:\n  - deny: { to: ssh.example, tls: any }\n").faults.count == 1)
        #expect(read("rules:\n  - allow: { to: ssh.example, ports: 22, tls: maybe }\n").faults.count == 1)
    }

    @Test("an allow rule sets the times of the first byte and of silence") func times() {
        let file = read("rules:\n  - allow: { to: slow.example, timeouts: { first-byte: 5m, response-body: 2m } }\n")
        #expect(file.faults == [])
        guard case .allow(let permission)? = file.policy.rules.rules.first?.action else {
            Issue.record("no rule that allows")
            return
        }
        #expect(permission.timeouts.firstByte == .seconds(300) && permission.timeouts.responseBody == .seconds(120))
        #expect(
            file.policy.rules.rules.map(RuleText.describe)
                == ["allow: { to: slow.example, timeouts: { first-byte: 5m, response-body: 2m } }"]
        )
        let one = read("rules:\n  - allow: { to: slow.example, timeouts: { response-body: 1h30m } }\n")
        guard case .allow(let permission)? = one.policy.rules.rules.first?.action else {
            Issue.record("no rule that allows")
            return
        }
        #expect(permission.timeouts.firstByte == nil && permission.timeouts.responseBody == .seconds(5400))
        #expect(read("rules:\n  - allow: { to: slow.example, timeouts: { first-byte: soon } }\n").faults.count == 1)
    }
}
