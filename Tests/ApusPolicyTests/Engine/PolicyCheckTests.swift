import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("what is wrong with rules")
struct PolicyCheckTests {
    private func problems(_ rules: PolicyRules, listeners: [String] = []) -> [PolicyFault.Problem] {
        do throws(PolicyFault) {
            _ = try CompiledPolicy(rules, listeners: listeners)
            return []
        } catch {
            return error.problems
        }
    }

    private func kinds(_ rule: Rule) -> [PolicyFault.Kind] { problems(PolicyRules(rule)).map(\.kind) }

    private func kinds(_ edit: (inout FieldEdits) -> Void) -> [PolicyFault.Kind] {
        var permission = Permission()
        edit(&permission.requestFields)
        let request = kinds(Rule(.allow(permission)))
        swap(&permission.requestFields, &permission.responseFields)
        #expect(kinds(Rule(.allow(permission))) == request)
        return request
    }

    @Test("everything is told at once, each with its place")
    func together() {
        var rejection = Rejection()
        rejection.status = 200
        var rules = PolicyRules(
            .allow {
                $0.users = [.group("opps"), .user("anna")]
                $0.exceptions = [Condition { $0.hosts = [.list("adz")] }]
            },
            Rule(.deny(rejection), when: Condition { $0.listeners = ["x:1", "y:2"] })
        )
        rules.groups = ["ops": []]
        rules.lists = ["ads": HostList(names: [String]())]
        rules.rules[0].position = SourcePosition(file: "p.yaml", line: 3, column: 2)
        rules.rules[1].position = SourcePosition(file: "p.yaml", line: 5, column: 1)
        let first = rules.rules[0].position
        let second = rules.rules[1].position
        #expect(
            problems(rules, listeners: ["x:1"]) == [
                PolicyFault.Problem(.unknownGroup("opps", known: ["ops"]), at: first),
                PolicyFault.Problem(.unknownList("adz", known: ["ads"]), at: first),
                PolicyFault.Problem(.unknownListener("y:2", known: ["x:1"]), at: second),
                PolicyFault.Problem(.denyStatus(200), at: second),
            ]
        )
    }

    @Test("as many rules as there may be, and no more")
    func count() {
        var rules = PolicyRules()
        rules.rules = (1...4_096).map { Rule(.allow(Permission()), position: SourcePosition(file: "p", line: $0)) }
        #expect(problems(rules).isEmpty)
        rules.rules.append(Rule(.allow(Permission()), position: SourcePosition(file: "p", line: 4_097)))
        #expect(problems(rules) == [.init(.tooManyRules(4_097), at: SourcePosition(file: "p", line: 4_097))])
    }

    @Test("a group must be there, unless credentials name groups too; so many are the most")
    func groups() {
        var rules = PolicyRules(.allow { $0.users = [.group("ops")] })
        #expect(problems(rules).map(\.kind) == [.unknownGroup("ops", known: [])])
        rules.takesGroups = true
        #expect(problems(rules).isEmpty)
        rules.rules.append(.allow { $0.users = (0..<255).map { .group("\($0)") } })
        #expect(problems(rules).isEmpty)
        rules.rules.append(.allow { $0.users = [.group("more"), .group("ops"), .group("still more")] })
        #expect(problems(rules).map(\.kind) == [.tooManyGroups])
    }

    @Test("exceptions are bounded in number and depth")
    func exceptions() {
        var deep = Condition()
        for _ in 0..<8 {
            let inner = deep
            deep = Condition { $0.exceptions = [inner] }
        }
        #expect(kinds(Rule(.allow(Permission()), when: deep)).isEmpty)
        #expect(kinds(.allow { $0.exceptions = [deep] }) == [.tooDeep])
        let many = [Condition](repeating: Condition(), count: 65_535)
        #expect(kinds(.allow { $0.exceptions = many }) == [.tooManyConditions])
    }

    @Test("a refusal has a status of an error", arguments: [0, 200, 399, 600, 999])
    func status(status: UInt16) {
        var rejection = Rejection()
        rejection.status = status
        #expect(kinds(Rule(.deny(rejection))) == [.denyStatus(status)])
        for good in [400, 403, 451, 503, 599] as [UInt16] {
            rejection.status = good
            #expect(kinds(Rule(.deny(rejection))).isEmpty)
        }
    }

    @Test("hosts are in the form that requests have")
    func hosts() {
        let good: [HostPattern] = [
            .name("a.example"), .name("10.0.0.1"), .name("::1"), .name("localhost"), .under("example"),
            .under("a_b.example"), .any,
        ]
        #expect(kinds(.allow { $0.hosts = good }).isEmpty)
        for bad in ["", "A.example", "a.example.", "*.a", "a b", ".a", "a..b", "127.1", "[::1]", "bücher.example"] {
            #expect(kinds(.allow { $0.hosts = [.name(bad)] }) == [.invalidHost(bad)])
            #expect(kinds(.allow { $0.hosts = [.under(bad)] }) == [.invalidHost("*.\(bad)")])
        }
    }

    @Test("fields that are changed have names and values that can be sent")
    func fields() {
        #expect(
            kinds {
                $0.drop = ["Cookie", "x-y"]
                $0.set = [.init(name: "X-Team", value: "c i\té"), .init(name: "X", value: "")]
            }.isEmpty
        )
        for name in ["", "a b", "a:", "é", "a\r\nb"] { #expect(kinds { $0.drop = [name] } == [.fieldName(name)]) }
        for value in ["a\r\nb", "a\n", "\0", " a", "a ", "\ta", "\u{7f}"] {
            #expect(kinds { $0.set = [.init(name: "X", value: value)] } == [.fieldValue(name: "X")])
        }
    }

    @Test(
        "fields that frame, route or end at each hop stay the proxy's",
        arguments: [
            "Content-Length", "TRANSFER-ENCODING", "connection", "Host", "Keep-Alive", "Proxy-Connection", "TE",
            "Trailer",
            "Upgrade", "Via", "Max-Forwards", "Expect", "HTTP2-Settings", "Proxy-Authorization", "Proxy-Authenticate",
            "Proxy-Authentication-Info",
        ]
    )
    func reserved(name: String) {
        #expect(kinds { $0.drop = [name] } == [.reservedField(name)])
        #expect(kinds { $0.set = [.init(name: name, value: "x")] } == [.reservedField(name)])
    }

    @Test("a time of a rule is one that the settings could have") func timeouts() {
        for (time, isRight) in [
            (.zero, false), (.milliseconds(99), false), (.milliseconds(100), true), (.seconds(604_800), true),
            (.seconds(604_801), false), (.seconds(-1), false),
        ] as [(Duration, Bool)] {
            var permission = Permission()
            permission.timeouts.firstByte = time
            #expect(kinds(Rule(.allow(permission))) == (isRight ? [] : [.timeout("first-byte", time)]))
            (permission.timeouts.firstByte, permission.timeouts.responseBody) = (nil, time)
            #expect(kinds(Rule(.allow(permission))) == (isRight ? [] : [.timeout("response-body", time)]))
        }
        let problem = PolicyFault.Problem(.timeout("first-byte", .zero), at: SourcePosition())
        #expect(problem.message == "0 is out of range for first-byte" && problem.hint == "it takes 100ms to 7d")
    }

    @Test("a rate has a period")
    func rates() {
        var limit = UsageLimit()
        limit.requests = UsageLimit.Rate(5, per: 0)
        limit.volume = UsageLimit.Rate(0, per: 0)
        limit.bandwidth = UsageLimit.Rate(0, per: 1)
        #expect(kinds(Rule(.limit(limit))) == [.emptyPeriod, .emptyPeriod])
    }
}
