import ApusFlow
import ApusPolicy
import ApusWire
import Testing

@testable import Apus

/// The gate alone: no thread, no socket, no clock but the one of windows and limits.
@Suite("Gate")
struct GateTests {
    // MARK: One question

    @Test("without rules a request may be, and CONNECT where the ports of CONNECT say so") func plain() throws {
        var gate = try Harness.of(rules())
        let request = gate.decide("GET", "a.example", 80)
        let tunnel = gate.decide("CONNECT", "a.example", 443)
        let other = gate.decide("CONNECT", "a.example", 22)
        #expect(request.isAllowed && tunnel.isAllowed && other.refusal == .connectPort)
        #expect(gate.counts == (0, 1))
    }

    @Test("the rule that decides is noted, and its refusal is the step") func decided() throws {
        var gate = try Harness.of(
            rules(
                deny("never") { $0.hosts = [.name("b.example")] },
                allow("ports") { $0.ports = [22...22] },
                allow("rest")
            )
        )
        let denied = gate.decide("GET", "b.example", 80)
        #expect(denied.refusal == .rule)
        #expect(gate.notes.rule == 0)
        gate.end()
        let named = gate.decide("CONNECT", "a.example", 22)
        #expect(named.isAllowed)
        #expect(gate.notes.rule == 1)
        gate.end()
        let closed = gate.decide("CONNECT", "a.example", 23)
        #expect(closed.refusal == .connectPort)
        #expect(gate.notes.rule == 2)
        gate.end()
        #expect(gate.counts == (0, 1))
    }

    @Test("an embedder is asked behind the rules, and never about what they refuse") func embedder() throws {
        var gate = try Harness.of(rules(deny { $0.hosts = [.name("b.example")] }, allow()), policy: { _ in .allow })
        let asked = gate.decide("GET", "a.example", 80)
        gate.end()
        let denied = gate.decide("GET", "b.example", 80)
        gate.end()
        #expect(asked.asksEmbedder && denied.refusal == .rule)
    }

    @Test("where rules depend on addresses, the first that may be is adopted with its rule")
    func addresses() throws {
        let network = try CIDR("192.0.2.0/24")
        var gate = try Harness.of(rules(deny("near") { $0.hosts = [.network(network)] }, allow("rest")))
        let step = gate.decide("GET", "a.example", 80)
        #expect(step.needsAddresses)
        #expect(gate.notes.rule == Decision.noRule)
        let choice = gate.choose(["192.0.2.1", "8.8.8.8", "8.8.4.4"])
        #expect(choice.addresses.count == 2)
        #expect(choice.addresses[0] == IPAddress("8.8.8.8"))
        #expect(choice.refused?.refusal == .rule)
        #expect(gate.notes.rule == 1)
        let (near, far) = (gate.mayReach("192.0.2.1"), gate.mayReach("8.8.4.4"))
        #expect(!near && far)
        gate.end()
        #expect(gate.counts == (0, 1))
    }

    @Test("a request holds its limit until it ends, and the next one is told which it was; it is given back once")
    func limited() throws {
        var gate = try Harness.of(rules(bound(1), allow()))
        let first = gate.decide("GET", "a.example", 80)
        #expect(first.isAllowed)
        let (notes, permission) = (gate.notes, gate.permission)
        #expect(permission.usage != QuotaLedger.none)
        let second = gate.decide("GET", "a.example", 80)
        #expect(second.refusal == .userConnectionLimit)
        #expect(gate.permission.limitRule == 0)
        #expect(gate.permission.usage == QuotaLedger.none)
        #expect(gate.counts.usage == 1)
        gate.end()
        (gate.notes, gate.permission) = (notes, permission)
        gate.end()
        #expect(gate.permission.usage == QuotaLedger.none)
        // What is left of it gives nothing back.
        gate.end()
        let third = gate.decide("GET", "a.example", 80)
        #expect(third.isAllowed)
        gate.end()
        #expect(gate.counts == (0, 1))
    }

    private func bound(_ connections: Int) -> Rule {
        var limit = UsageLimit()
        limit.connections = connections
        return Rule(.limit(limit))
    }

    // MARK: By which way

    @Test("the way of a rule, of bypass and of the default is noted, with rules and without, and for addresses as well")
    func routes() throws {
        let network = try CIDR("192.0.2.0/24")
        let routes = RouteSettings(
            parents: ["office", "backup"],
            standard: NamedRoute(["office"]),
            bypass: [.name("near.example")]
        )
        var permission = Permission()
        permission.route = NamedRoute(["backup"])
        var condition = Condition()
        condition.hosts = [.network(network)]
        permission.exceptions = [network]
        for rules in [rules(), rules(Rule(.allow(permission), when: condition), allow())] {
            var gate = try Harness.of(rules, routes: routes)
            _ = gate.decide("GET", "a.example", 80)
            if gate.notes.asksAddresses { _ = gate.choose(["8.8.8.8"]) }
            #expect(gate.notes.route.reason == .standard && !gate.notes.route.isDirect)
            let standard = gate.notes.route
            gate.end()
            _ = gate.decide("GET", "near.example", 80)
            if gate.notes.asksAddresses { _ = gate.choose(["8.8.8.8"]) }
            #expect(gate.notes.route.reason == .bypass && gate.notes.route.isDirect)
            gate.end()
            _ = gate.decide("GET", "a.example", 80)
            if gate.notes.asksAddresses {
                #expect(gate.notes.route == .unsaid)
                _ = gate.choose(["192.0.2.1"])
                #expect(gate.notes.route.reason == .rule && gate.notes.route != standard)
            }
            gate.end()
            #expect(gate.counts == (0, 1))
        }
    }

    // MARK: Any order

    @Test("after any order of requests, tunnels, choices, reloads and ends nothing is held", arguments: 0..<8)
    func walk(_ seed: UInt64) throws {
        var random = Numbers(state: seed)
        let network = try CIDR("192.0.2.0/24")
        let policies: [PolicyRules] = [
            rules(bound(6), allow()),
            rules(bound(9), deny { $0.hosts = [.network(network)] }, allow()),
            rules(),
            rules(
                deny { $0.hosts = [.name("b.example")] },
                bound(4),
                allow { $0.hosts = [.network(network)] },
                allow()
            ),
        ]
        var gate = try Harness.of(policies[0])
        var running: [(notes: StreamInfo, permission: RequestPermission)] = []
        for _ in 0..<400 {
            switch Int.random(in: 0..<9, using: &random) {
            case 0...4:
                let host = Bool.random(using: &random) ? "a.example" : "b.example"
                let isTunnel = Bool.random(using: &random)
                let step = gate.decide(isTunnel ? "CONNECT" : "GET", host, isTunnel ? 443 : 80)
                if step.needsAddresses {
                    _ = gate.choose([Bool.random(using: &random) ? "192.0.2.7" : "8.8.8.8", "8.8.4.4"])
                }
                if step.refusal == nil { running.append((gate.notes, gate.permission)) } else { gate.end() }
            case 5: try gate.adopt(policies[Int.random(in: 0..<policies.count, using: &random)])
            default:
                guard let index = running.indices.randomElement(using: &random) else { continue }
                (gate.notes, gate.permission) = running[index]
                if Int.random(in: 0..<4, using: &random) == 0 {
                    // It runs on: by the rules of now, or as a tunnel that only names them.
                    if Bool.random(using: &random) { gate.decideAnew() } else { gate.settle() }
                    running[index] = (gate.notes, gate.permission)
                } else {
                    running.remove(at: index)
                    gate.end()
                }
            }
            let limited = running.count { $0.permission.usage != QuotaLedger.none }
            #expect(gate.counts.usage == limited)
        }
        for one in running {
            (gate.notes, gate.permission) = one
            gate.end()
        }
        #expect(gate.counts == (0, 1))
    }
}

/// A gate, and one request at a time.
private struct Harness: ~Copyable {
    private var gate: Apus.Gate
    private let usage: SharedUsage
    private var serial: UInt32 = 1
    private let policy: ProxyServer.Policy?
    private var context = Harness.context("GET", 80)
    private var text = BufferedRequest()
    var notes = StreamInfo()
    var permission = RequestPermission()

    private init(_ snapshot: PolicySnapshot, _ usage: SharedUsage, _ policy: ProxyServer.Policy?) {
        self.usage = usage
        self.policy = policy
        let throttle = ClientThrottle(FailureThrottleSettings())
        let settings = Harness.settings(snapshot, policy)
        let verifications = Verifications(
            keys: HashKeys.drawn().credentials,
            known: 8,
            lifetime: 1_000_000,
            bits: 64,
            throttle: throttle,
            mail: []
        )
        gate = Apus.Gate(
            settings,
            users: KnownUsers(verifications, throttle, thread: 0, settings),
            usage: QuotaLedger(usage)
        )
    }

    /// A gate with these rules.
    static func of(
        _ rules: PolicyRules,
        policy: ProxyServer.Policy? = nil,
        routes: RouteSettings = RouteSettings()
    ) throws -> Harness {
        let usage = SharedUsage()
        let snapshot = try PolicySnapshot(
            CompiledPolicy(rules, routes: routes),
            usage: usage.take(rules.rules),
            serial: 1
        )
        return Harness(snapshot, usage, policy)
    }

    private static func settings(_ snapshot: PolicySnapshot, _ policy: ProxyServer.Policy?) -> WorkerSettings {
        WorkerSettings(
            ProxyConfiguration(),
            rules: AccessRules(),
            pseudonym: [],
            hostName: [],
            threads: 1,
            pipes: 0,
            policy: policy,
            snapshot: snapshot,
            authenticator: nil
        )
    }

    private static func context(_ method: String, _ port: UInt16) -> RequestContext {
        RequestContext(
            client: IPAddress(v4: 0x7f00_0001),
            listener: 0,
            method: method == "CONNECT" ? .connect : .get,
            port: port,
            dialPort: port,
            address: nil,
            now: 1_000_000
        )
    }

    var counts: (usage: Int, policies: Int) { gate.counts }

    /// Asks about a new request.
    mutating func decide(_ method: String, _ host: String, _ port: UInt16) -> GateStep {
        context = Harness.context(method, port)
        let path = method == "CONNECT" ? "" : "/"
        text = BufferedRequest(method: method.utf8, path: path.utf8, host: host.utf8, dial: "".utf8)
        (notes, permission) = (StreamInfo(), RequestPermission())
        notes.port = port
        notes.dialPort = port
        return text.with { gate.decide(context, $0, $1, $2, &notes, &permission) }
    }

    mutating func choose(_ addresses: [String]) -> AddressChoice {
        var list = AddressList()
        for address in addresses.compactMap({ IPAddress($0) }) { _ = list.append(address) }
        return gate.choose(context, among: list, text, &notes, &permission)
    }

    mutating func mayReach(_ address: String) -> Bool {
        gate.mayReach(context.about(IPAddress(address)), text, &notes, &permission)
    }

    mutating func adopt(_ rules: PolicyRules) throws {
        serial += 1
        let snapshot = try PolicySnapshot(CompiledPolicy(rules), usage: usage.take(rules.rules), serial: serial)
        gate.adopt(Harness.settings(snapshot, policy))
    }

    mutating func decideAnew() { gate.adoptAnew(gate.decideAnew(context, text, user: permission.user), &notes) }

    mutating func settle() { gate.settle(policy: &notes.snapshot) }

    mutating func end() {
        _ = gate.release(usage: &permission.usage, total: 0, at: UsageMoment(now: 2_000_000, unix: 2))
        gate.release(user: &permission.user)
        gate.release(policy: &notes.snapshot)
    }
}

private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}

extension GateStep {
    fileprivate var isAllowed: Bool { if case .allowed = self { true } else { false } }
    fileprivate var needsAddresses: Bool { if case .needsAddresses = self { true } else { false } }
    fileprivate var asksEmbedder: Bool { if case .asksEmbedder = self { true } else { false } }
    fileprivate var refusal: Refusal? {
        if case .refused(.refused(let refusal)) = self { refusal } else { nil }
    }
}
