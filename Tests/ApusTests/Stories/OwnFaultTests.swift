import ApusFlow
import ApusTesting
import Synchronization
import Testing

@testable import Apus

@Suite("An own fault of a running proxy", .timeLimit(.minutes(1)))
struct OwnFaultTests {
    @Test("refuses its request and closes, is counted by its place and recorded once, and others are served")
    func refuses() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let met = Box<[OwnFault]>([])
        let proxy = try await TestProxy.start(
            authenticator: Doorkeeper(),
            ownFaults: { place in met.change { $0.append(place) } }
        ) { _ in }
        let shared = try #require(proxy.server.life.shared)
        // Settings that contradict themselves, as no configuration can make them: credentials are looked at, and nobody can verify any.
        shared.newest.withLock { settings in
            settings.authenticator = nil
            settings.requiresCredentials = false
            shared.tell(.settings(settings, endsDenied: false, users: nil))
        }
        // Whoever answers this has adopted them.
        #expect(await proxy.server.traffic().counters.ownFaults.isEmpty)
        for method in ["GET", "CONNECT"] {
            let credentials = basic("anna", "sesame")
            let request =
                method == "GET" ? head("GET", origin.url(), credentials) : connect(origin.authority, credentials)
            let isClosed = try await proxy.client { client in
                try client.send(request)
                let response = try client.readResponse(to: method)
                #expect(response.status == 500 && response.value("connection") == "close")
                return client.isClosed()
            }
            #expect(isClosed)
        }
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 200)
        #expect(met.value == [.authenticator, .authenticator])
        let counters = await proxy.server.traffic().counters
        #expect(counters.ownFaults == ["authenticator": 2] && counters.errors == ["proxy_internal_error": 2])
        let records = try await proxy.settle(3)
        #expect(records.map(\.status) == [500, 500, 200])
        for record in records.prefix(2) {
            #expect(record.fault == "proxy_internal_error" && record.ending == Ending(.proxy, .relay, .failure))
            #expect(record.reason?.hasSuffix(" The place: authenticator.") == true)
        }
        #expect(shared.caps.connectionCount == 0)
    }
}
