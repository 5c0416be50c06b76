import Apus
import Testing

// This target stands where an embedder's does: it has the product Apus and no other, and no access to what is the package's own. What
// compiles here compiles for him, each word without its module's name; a word that `Vocabulary.swift` lacks is an error of the build.

/// Says whose credentials are, as an embedder's own would.
struct OneUser: Authenticator {
    var challenges: [String] { [Challenge.basic(realm: "one"), Challenge.bearer()] }

    func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication {
        switch credentials {
        case .basic(let user, let password) where user == "one" && password == Secret("two"):
            return .user(user, groups: ["all"], lifetime: .seconds(1))
        case .bearer(let token) where token.bytes.isEmpty: return .unavailable(reason: "no tokens at \(client)")
        default: return .invalid
        }
    }
}

@Suite("The vocabulary of an embedder", .timeLimit(.minutes(15)))
struct VocabularyTests {
    static func configuration() throws -> ProxyConfiguration {
        var configuration = ProxyConfiguration()
        configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:0")]
        configuration.control = .off
        configuration.log.format = .off
        configuration.threads = 1
        return configuration
    }

    /// A rule that refuses a host, and one that allows by conditions of most kinds.
    static func rules() throws -> PolicyRules {
        var refused = Condition()
        refused.hosts = [.under("example.org")]
        var allowed = Condition()
        allowed.from = [try CIDR("127.0.0.0/8")]
        allowed.hosts = [.name("example.net"), .network(CIDR(IPAddress(v4: 0xc000_0201)))]
        allowed.schemes = [.http]
        allowed.users = [.anyone]
        allowed.times = [TimeWindow(zone: .utc)]
        var rules = PolicyRules()
        rules.lists = ["ads": HostList(entries: [HostListEntry("ads.example", .nameAndUnder)])]
        rules.rules = [
            Rule(.deny(Rejection()), when: refused, name: "refused", position: SourcePosition()),
            Rule(.allow(Permission()), when: allowed),
        ]
        return rules
    }

    @Test("a server is made, asked, reloaded and stopped")
    func life() async throws {
        let (configuration, rules) = (try VocabularyTests.configuration(), try VocabularyTests.rules())
        let lookUp: ProxyServer.LookUp = { name in name == "origin.test" ? ["127.0.0.1"] : [] }
        let observer: ProxyServer.Observer = { record in print(record.bytes.fromClient, record.ending.description) }
        let policy: ProxyServer.Policy = { (ask: Ask) async -> Verdict in
            ask.client.isLoopback ? .route(to: .address(host: ask.host, port: 80)) : .deny(reason: "not from there")
        }
        let server = ProxyServer(
            configuration: configuration,
            rules: rules,
            logger: Logger(label: "embedder"),
            lookUp: lookUp,
            observer: observer,
            authenticator: OneUser(),
            policy: policy
        )
        async let running: Void = server.run()
        let addresses: [ListenAddress] = try await server.addresses
        #expect(addresses.count == 1 && addresses.allSatisfy(\.isLoopback))
        let (isReady, isDraining): (Bool, Bool) = (server.isReady, server.isDraining)
        #expect(isReady && !isDraining)
        if let address = addresses.first { server.protect(address) }

        let traffic: Traffic = await server.traffic(names: 3)
        let (counters, reloads): (TrafficCounters, Reloads) = (traffic.counters, traffic.reloads)
        let (rows, hosts): ([RequestCounts.Row], [FrequentName]) = (counters.requests.rows, traffic.hosts)
        #expect(rows.allSatisfy { $0.count == 0 } && hosts.isEmpty && reloads.failed == 0)
        let mark: TrafficMark = await server.trafficMark()
        let recent: RecentTraffic = await server.recent(after: mark, limit: 10, onlyNotable: true)
        let open: OpenTraffic = await server.openTransactions(limit: 10)
        let whole: [Transaction] = await server.transactions(limit: 10)
        let one: Transaction? = await server.transaction(1)
        #expect(recent.records.isEmpty && open.transactions.isEmpty && whole.isEmpty && one == nil)
        #expect(await server.end(1) == false)

        try server.reload(rules: PolicyRules(), endingDenied: true)
        let _: [String] = try server.reload(configuration: configuration, rules: rules)
        let _: [String] = try server.reload(configuration: configuration, rules: rules, authenticator: OneUser())
        server.reloadFailed()
        server.forgetUsers()
        server.reopenLogs()
        #expect(server.currentRules.rules.count == 2 && server.rules.rules.count == 2)
        server.drain()
        server.stop()
        try await running
    }

    @Test("a record is explained, and what would let it pass is told")
    func explained() async throws {
        let (configuration, rules) = (try VocabularyTests.configuration(), try VocabularyTests.rules())
        let server = ProxyServer(configuration: configuration, rules: rules, authenticator: OneUser())
        async let running: Void = server.run()
        _ = try await server.addresses
        let record = AccessRecord(
            id: 1,
            startedAt: 0,
            clientAddress: "127.0.0.1",
            clientPort: 1,
            listener: "127.0.0.1:3128",
            method: "GET",
            scheme: "http",
            host: "www.example.org",
            port: 80,
            path: "/",
            status: 403,
            ending: Ending(.proxy, .decide, .refused)
        )
        let report: ExplanationReport = try #require(server.explain(record))
        let (decision, question): (Decision, PolicyQuestion) = (report.decision, report.question)
        let steps: [PolicyExplanation.Step] = report.explanation.steps
        #expect(decision.outcome == Decision.Outcome.deny && decision.rule == 0 && !steps.isEmpty)
        #expect(question.client == IPAddress("127.0.0.1") && question.host == "www.example.org")
        let suggestion: RuleSuggestion? = server.suggestion(for: record)
        #expect(suggestion == nil, "the record names no reason of the proxy's")
        server.stop()
        try await running
    }

    @Test("what is wrong is an error that can be caught by its name")
    func faults() throws {
        #expect(throws: ListenAddressFault.self) { try ListenAddress(parsing: "nowhere") }
        #expect(throws: ListenAddressFault.self) { try AdminAddress(parsing: "nowhere") }
        #expect(throws: CIDRParseError.self) { try CIDR("10.0.0.0/33") }
        #expect(throws: TimeWindowFault.self) { try TimeWindow.parse("never", zone: { _ -> TimeZoneRules? in nil }) }
        #expect(throws: TimeZoneFault.self) { try TimeZoneRules(name: "nowhere", tzif: []) }
        #expect(throws: CredentialsFault.self) { try ProxyCredentials([UInt8]("x".utf8).span, 0..<1) }
        var configuration = ProxyConfiguration()
        configuration.threads = -1
        do throws(ConfigurationFault) {
            try configuration.validate()
            Issue.record("a negative number of threads is none")
        } catch {
            let problems: [ConfigurationFault.Problem] = error.problems
            #expect(problems.map(\.key) == ["threads"])
        }
        let busy: StartFault = .addressInUse(.standard)
        #expect(busy.description.contains(ListenAddress.standard.description))
    }
}
