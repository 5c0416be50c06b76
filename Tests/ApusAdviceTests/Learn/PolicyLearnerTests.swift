import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@testable import ApusAdvice

@Suite("Policy learner")
struct PolicyLearnerTests {
    private func tunnel(_ host: String, port: UInt16 = 443, user: String? = nil, isPrivate: Bool = false)
        -> ObservedRequest
    {
        ObservedRequest("CONNECT", isTunnel: true, host: host, port: port, user: user, isPrivate: isPrivate)
    }

    private func plain(_ host: String, port: UInt16 = 80, user: String? = nil) -> ObservedRequest {
        ObservedRequest("GET", isTunnel: false, host: host, port: port, user: user)
    }

    /// The allow rules' lines, without comments.
    private func lines(_ requests: ObservedRequest...) -> [String] {
        var learner = PolicyLearner()
        for request in requests { learner.observe(request) }
        let all = learner.learn().text.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("  #") }
        return all.dropLast().map { line in
            let content = line.drop { $0 == " " }
            return String(content.firstRange(of: "  # ").map { content[..<$0.lowerBound] } ?? content)
        }
    }

    @Test("hosts that are reached alike share a rule, ports of a host are gathered")
    func merged() {
        #expect(
            lines(tunnel("a.example"), tunnel("b.test")) == [
                "- allow:", "to:", "- a.example", "- b.test", "ports: 443",
            ]
        )
        #expect(
            lines(tunnel("a.example"), tunnel("a.example", port: 8443)) == [
                "- allow: { to: a.example, ports: [443, 8443] }"
            ]
        )
    }

    @Test("a plain request opens no tunnel, a tunnel takes plain requests to its port along")
    func schemes() {
        #expect(lines(plain("a.example")) == ["- allow: { scheme: http, to: a.example, ports: 80 }"])
        #expect(lines(plain("a.example", port: 443), tunnel("a.example")) == ["- allow: { to: a.example, ports: 443 }"])
    }

    @Test("a tunnel that held another protocol, or went to port 80, is allowed to again, and no other port with it")
    func plainTunnels() {
        var shell = tunnel("a.example", port: 22)
        shell.isPlainTunnel = true
        #expect(
            lines(shell, tunnel("a.example", port: 22), tunnel("a.example")) == [
                "- allow: { to: a.example, ports: 22, tls: any }", "- allow: { to: a.example, ports: 443 }",
            ]
        )
        #expect(
            lines(tunnel("a.example", port: 80), plain("a.example")) == [
                "- allow: { to: a.example, ports: 80, tls: any }"
            ]
        )
        #expect(lines(plain("a.example")) == ["- allow: { scheme: http, to: a.example, ports: 80 }"])
    }

    @Test("users are named where every request had one")
    func users() {
        #expect(lines(tunnel("a.example", user: "anna")) == ["- allow: { user: anna, to: a.example, ports: 443 }"])
        #expect(
            lines(tunnel("a.example", user: "bo"), tunnel("a.example", user: "anna"))
                == ["- allow: { user: [anna, bo], to: a.example, ports: 443 }"]
        )
        #expect(
            lines(tunnel("a.example", user: "anna"), tunnel("a.example")) == ["- allow: { to: a.example, ports: 443 }"]
        )
    }

    @Test("names of different users or ports are not grouped together")
    func separate() {
        #expect(lines(tunnel("a.x.example"), tunnel("b.x.example"), tunnel("c.x.example", port: 8443)).count == 6)
        #expect(
            lines(
                tunnel("a.x.example", user: "anna"),
                tunnel("b.x.example", user: "bo"),
                tunnel("c.x.example", user: "cy")
            ).count
                == 3
        )
    }

    @Test("what a wider rule covers is left out")
    func absorbed() {
        #expect(
            lines(
                tunnel("a.x.example"),
                tunnel("b.x.example"),
                tunnel("c.x.example"),
                tunnel("d.x.example", user: "anna"),
                plain("e.x.example", port: 443)
            ) == ["- allow: { to: \"*.x.example\", ports: 443 }"]
        )
        #expect(
            lines(
                tunnel("a.x.example"),
                tunnel("b.x.example"),
                tunnel("c.x.example"),
                tunnel("d.x.example", isPrivate: true)
            ).count == 2
        )
    }

    @Test("private hosts are named one by one, in front of the domain that covers them")
    func privateHosts() {
        let inner = ["a", "b", "c"].map { tunnel("\($0).x.example", isPrivate: true) }
        let outer = ["d", "e", "f"].map { tunnel("\($0).x.example") }
        var learner = PolicyLearner()
        for request in inner + outer + [plain("a.x.example")] { learner.observe(request) }
        let rules = learner.learn().grants.map(\.rule)
        #expect(
            rules.map { $0.condition.hosts.map(\.description) } == [
                ["a.x.example", "b.x.example", "c.x.example"], ["a.x.example"], ["*.x.example"],
            ]
        )
        let opens = rules.map { if case .allow(let permission) = $0.action { permission.allowsPrivate } else { false } }
        #expect(opens == [true, true, false])
    }

    @Test("a host or user that rules cannot name is not named")
    func unwritable() {
        for host in ["all", "A.example", "a.example.", "a..b", "*.example", "list:ads", "10.0.0.0/8", ""] {
            #expect(lines(tunnel(host)) == [], "\(host)")
        }
        for user in ["all", "group:ops", ""] { #expect(lines(tunnel("a.example", user: user)) == [], "\(user)") }
    }

    private struct World {
        var random: SplitMix
        let hosts = [
            "a.x.example", "b.x.example", "c.x.example", "d.x.example", "e.f.x.example", "x.example", "a.co.uk",
            "b.co.uk", "c.co.uk",
            "a.y.test", "b.y.test", "192.0.2.1", "2001:db8::1", "one.org",
        ]

        mutating func request() -> ObservedRequest {
            let host = hosts[Int.random(in: 0..<hosts.count, using: &random)]
            let isTunnel = Bool.random(using: &random)
            let port = [80, 443, 8443][Int.random(in: 0..<3, using: &random)] as UInt16
            let user = [nil, "anna", "bo"][Int.random(in: 0..<3, using: &random)]
            let isPrivate = Int.random(in: 0..<6, using: &random) == 0
            let method = isTunnel ? "CONNECT" : "GET"
            return ObservedRequest(
                method,
                isTunnel: isTunnel,
                host: host,
                port: port,
                user: user,
                isPrivate: isPrivate
            )
        }
    }

    private func decide(_ policy: CompiledPolicy, _ request: ObservedRequest) -> Decision {
        var scratch = PolicyScratch(policy)
        let query = PolicyQuery(
            client: IPAddress(v4: 0x7f00_0001),
            who: request.user.map { policy.userIndex($0) } ?? .unknown,
            method: request.isTunnel ? .connect : .get,
            port: request.port,
            address: IPAddress(request.host)
        )
        let (method, host, path) = (Array(request.method.utf8), Array(request.host.utf8), Array("/".utf8))
        let none = request.isTunnel ? [] : path
        return policy.decide(query, method: method.span, host: host.span, path: none.span, scratch: &scratch)
    }

    /// Whether what was served justifies that the request is allowed, told without the learner's own means.
    private func isJustified(_ request: ObservedRequest, by served: [ObservedRequest]) -> Bool {
        let alike = served.filter {
            $0.port == request.port && ($0.isTunnel || !request.isTunnel)
                && ($0.user == nil || $0.user == request.user)
        }
        if alike.contains(where: { $0.host == request.host }) { return true }
        return ["x.example", "y.test"].contains { suffix in
            let names = Set(
                alike.map(\.host).filter { $0.hasSuffix("." + suffix) && $0.split(separator: ".").count == 3 }
            )
            return request.host.hasSuffix("." + suffix) && names.count >= 3
        }
    }

    @Test(
        "over random logs: all that was served is allowed, and nothing that it does not justify",
        arguments: 0..<60 as Range<UInt64>
    )
    func property(_ seed: UInt64) throws {
        var world = World(random: SplitMix(seed: seed))
        var learner = PolicyLearner()
        let served = (0..<Int.random(in: 0...60, using: &world.random)).map { _ in world.request() }
        for request in served { learner.observe(request) }
        let learned = learner.learn()
        #expect(learned.grants.reduce(0) { $0 + $1.count } == served.count)
        let policy = try CompiledPolicy(learned.policy)
        for request in served {
            let decision = decide(policy, request)
            #expect(decision.outcome == .allow, "\(request)\n\(learned.text)")
            if request.isPrivate, decision.outcome == .allow {
                #expect(policy.permission(of: decision.rule)?.allowsPrivate == true, "\(request)\n\(learned.text)")
            }
        }
        for _ in 0..<60 {
            let request = world.request()
            if decide(policy, request).outcome == .allow {
                #expect(isJustified(request, by: served), "\(request)\n\(learned.text)")
            }
        }
        for request in [
            tunnel("evil.example"), tunnel("z.co.uk"), tunnel("xx.example"), tunnel("a.x.example", port: 22),
        ] {
            let outcome = decide(policy, request).outcome
            #expect(outcome == .deny || outcome == .lookUp || outcome == .authenticate, "\(request)\n\(learned.text)")
        }
    }

    @Test("the order of what was seen does not matter")
    func order() {
        var world = World(random: SplitMix(seed: 99))
        let requests = (0..<50).map { _ in world.request() }
        var texts: Set<String> = []
        for _ in 0..<5 {
            var learner = PolicyLearner()
            for request in requests.shuffled(using: &world.random) { learner.observe(request) }
            texts.insert(learner.learn().text)
        }
        #expect(texts.count == 1)
    }
}
