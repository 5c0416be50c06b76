import ApusFlow
import ApusTesting
import Testing

@testable import Apus

@Suite("A request that waits", .timeLimit(.minutes(3)))
struct WaitingTests {
    /// What it waits for.
    enum Awaited: CaseIterable { case proof, verdict, addresses, connection }
    /// What comes meanwhile.
    enum Event: CaseIterable { case reload, deadline, fin, reset, drain, ended, stopped }

    @Test(
        "leaves one record and nothing else, whatever ends it, and its answer that comes later is nobody's",
        arguments: Awaited.allCases,
        Event.allCases
    )
    func ends(_ awaited: Awaited, _ event: Event) async throws {
        for method in ["GET", "CONNECT"] {
            let story = try await WaitingStory(awaited, isPatient: event != .deadline)
            let client = try RawClient(port: story.proxy.port)
            defer { client.close() }
            try client.send(story.request(method))
            let status = try await story.take(event, client, method)
            // A tunnel's record comes when it ends; who was refused stays, so that the late answer could still find him.
            if event == .fin || event == .drain { client.close() }
            let record = try #require(await story.proxy.records(count: 1).first)
            story.answer()
            #expect(record.status == status, "\(record)")
            switch event {
            case .reload: #expect(record.rule == "new" && record.ending == Ending(.proxy, .decide, .refused))
            case .deadline: #expect(record.ending.how == .timeout)
            case .reset: #expect(record.ending == Ending(.client, .reach, .reset))
            case .ended, .stopped: #expect(record.ending == Ending(.proxy, .relay, .stopped))
            case .fin, .drain: break
            }
            try await story.end(event, client)
        }
    }
}

/// A proxy where one request waits for an answer that comes when the story says so.
private struct WaitingStory {
    let proxy: TestProxy
    private let awaited: WaitingTests.Awaited
    private let origin: ScriptedOrigin
    private let latch = Latch()
    private let gate: Gate
    private let caps: ClientCaps
    /// A listener whose queue is full, and those who fill it.
    private let deaf = Box<[PlainSocket]>([])

    init(_ awaited: WaitingTests.Awaited, isPatient: Bool) async throws {
        let (latch, gate) = (latch, try Gate())
        self.awaited = awaited
        self.gate = gate
        origin = try ScriptedOrigin.answering(ok("x"))
        let policy: ProxyServer.Policy = { _ in
            await latch.wait()
            return .allow
        }
        let keeper = Doorkeeper { _ in
            if awaited == .proof { await latch.wait() }
            return .user("anna")
        }
        let lookUp: ProxyServer.LookUp = { _ in
            try? gate.wait()
            return ["127.0.0.1"]
        }
        proxy = try await TestProxy.start(
            rules: rules(allow("old")),
            policy: awaited == .verdict ? policy : nil,
            authenticator: keeper,
            lookUp: lookUp
        ) {
            guard !isPatient else { return }
            $0.timeouts.authentication = .milliseconds(100)
            $0.timeouts.policy = .milliseconds(100)
            $0.timeouts.lookUp = .milliseconds(100)
            $0.timeouts.connect = .milliseconds(100)
        }
        caps = try #require(proxy.server.life.shared?.caps)
        guard awaited == .connection else { return }
        let listener = try PlainSocket.bound(to: "127.0.0.2", backlog: 0)
        let fillers = try (0..<3).map { _ in
            try PlainSocket.connected(to: "127.0.0.2", port: listener.port, waits: false)
        }
        deaf.set([listener] + fillers)
    }

    func request(_ method: String) -> String {
        let host =
            switch awaited {
            case .proof, .verdict: origin.authority
            case .addresses: "slow.example:\(origin.port)"
            case .connection: "127.0.0.2:\(deaf.value.first?.port ?? 0)"
            }
        let credentials = basic("anna", "sesame")
        return method == "CONNECT" ? connect(host, credentials) : head(method, "http://\(host)/", credentials)
    }

    /// What is awaited comes: a proof, a verdict, addresses, or a refusal of the connection.
    func answer() {
        latch.open()
        gate.open()
        deaf.set([])
    }

    /// Lets the event happen while the request waits.
    ///
    /// - Returns: the status of the record that is to be.
    func take(_ event: WaitingTests.Event, _ client: RawClient, _ method: String) async throws -> Int {
        // The time may be over before anybody has looked.
        let id = event == .deadline ? 0 : await waiting()
        switch event {
        case .reload: try proxy.server.reload(rules: rules(deny("new")), endingDenied: true)
        case .deadline: break
        case .fin:
            client.shutdown()
            answer()
        case .drain:
            proxy.server.drain()
            answer()
        case .reset:
            client.reset()
            return 0
        case .ended:
            #expect(await proxy.server.end(id))
            return 0
        case .stopped:
            proxy.server.stop()
            return 0
        }
        let status = try await onOwnThread { try client.readResponse(to: method).status }
        switch event {
        case .reload: #expect(status == 403)
        case .deadline: #expect(status >= 500)
        default: #expect(status == (awaited == .connection ? 502 : 200))
        }
        return status
    }

    /// The id of the request, once it waits.
    private func waiting() async -> UInt64 {
        let phase: OpenTransaction.Phase =
            switch awaited {
            case .proof, .verdict: .deciding
            case .addresses: .lookingUp
            case .connection: .connecting
            }
        while true {
            if let open = await proxy.server.openTransactions(limit: 1).transactions.first, open.phase == phase {
                return open.id
            }
            await Task.yield()
        }
    }

    /// The proxy serves others, and holds nothing of the request any more.
    func end(_ event: WaitingTests.Event, _ client: RawClient) async throws {
        switch event {
        case .drain: try await proxy.drain()
        case .stopped: await proxy.stop()
        default:
            try proxy.server.reload(rules: rules(allow("old")))
            var asked = 0
            for _ in 0..<3 {
                var status = 0
                repeat {
                    status = try await proxy.fetch(head("GET", origin.url(), basic("anna", "sesame"))).status
                    asked += 1
                    // The short time that ended the request is theirs too, and a busy machine may need longer.
                } while event == .deadline && status == 503
                #expect(status == 200)
            }
            client.close()
            while await proxy.server.traffic().counters.clientsOpen > 0 { await Task.yield() }
            await proxy.stop()
            #expect(proxy.records.count == asked + 1)
        }
        #expect(caps.connectionCount == 0 && caps.tunnelCount == 0)
    }
}
