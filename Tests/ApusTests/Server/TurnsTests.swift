import ApusTesting
import Logging
import Testing

@testable import Apus

@Suite("Threads that turn their loop", .timeLimit(.minutes(5)))
struct TurnsTests {
    @Test("a thread stands until it has answered the last round; one that has ended is not waited for") func rounds() {
        let turns = Turns(3)
        #expect(turns.standing == [])
        let first = turns.ask()
        #expect(turns.standing == [0, 1, 2])
        turns.turned(0, first)
        turns.ended(2)
        #expect(turns.standing == [1])
        let second = turns.ask()
        turns.turned(1, first)
        #expect(turns.standing == [0, 1], "an answer to an earlier round is none")
        turns.turned(0, second)
        turns.turned(1, second)
        #expect(turns.standing == [])
    }

    /// Waits until these threads stand.
    private func wait(_ server: ProxyServer, until standing: [Int]) async -> Bool {
        let deadline = ContinuousClock.now + Patience.limit
        while server.standingThreads != standing {
            guard ContinuousClock.now < deadline else { return false }
            try? await Task.sleep(for: .milliseconds(2))
        }
        return true
    }

    @Test("a thread that is held up while it serves is found, and the others are not taken for it") func stuck()
        async throws
    {
        let (held, over) = (try Gate(), try Gate())
        let origin = try ScriptedOrigin.answering(ok("x"))
        var configuration = try TestProxy.configuration()
        configuration.threads = 2
        let server = ProxyServer(
            configuration: configuration,
            logger: Logger(label: "apus-test", factory: { _ in SwiftLogNoOpLogHandler() }),
            observer: { _ in
                // It is called on the thread that served the request.
                held.open()
                try? over.wait()
            }
        )
        let run = Task { try await server.run() }
        let port = try await server.addresses[0].port
        #expect(server.askForTurns())
        #expect(await wait(server, until: []), "idle threads turn when they are asked")
        try await onOwnThread {
            let client = try RawClient(port: port)
            _ = try client.exchange(head("GET", origin.url(), "Connection: close"))
            try held.wait()
        }
        #expect(server.askForTurns())
        let deadline = ContinuousClock.now + Patience.limit
        while server.standingThreads.count != 1, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(server.standingThreads.count == 1)
        over.open()
        #expect(await wait(server, until: []))
        server.drain()
        try await run.value
        #expect(!server.askForTurns() && server.standingThreads == [], "there is nobody to ask")
    }
}
