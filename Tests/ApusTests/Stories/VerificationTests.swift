import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import Synchronization
import Testing

@Suite("Verifications", .timeLimit(.minutes(1)))
struct VerificationTests {
    private let pair = base64("anna:sesame")

    @Test("are one for a name and a password, however the field spells them, and on whichever thread") func once()
        async throws
    {
        let origin = try ScriptedOrigin.answering(ok(""))
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(authenticator: keeper) { $0.threads = 4 }
        let schemes = ["Basic ", "basic ", "bASIC ", "Basic   ", "BASIC           "]
        for number in 0..<32 {
            let line = "Proxy-Authorization:\(schemes[number % 5])\(pair)"
            #expect(try await proxy.fetch(head("GET", origin.url(), line)).status == 200)
        }
        #expect(keeper.count == 1)
        proxy.server.forgetUsers()
        for _ in 0..<16 {
            #expect(try await proxy.fetch(head("GET", origin.url(), basic("anna", "sesame"))).status == 200)
        }
        // On a thread that had not heard of it yet, what was found is for nobody else.
        #expect(2...5 ~= keeper.count)
        #expect(try await proxy.settle(48).allSatisfy { $0.user == "anna" })
    }

    @Test("of a name and a password in ISO-8859-1 and in UTF-8 are the same one") func latin1() async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(authenticator: keeper) { _ in }
        // b\xf6rn:d\xf6r, then the same in UTF-8, and again.
        for value in ["YvZybjpk9nI=", base64("b\u{f6}rn:d\u{f6}r"), "YvZybjpk9nI="] {
            let line = "Proxy-Authorization: Basic \(value)"
            #expect(try await proxy.fetch(head("GET", origin.url(), line)).status == 200)
        }
        #expect(keeper.count == 1)
        #expect(try await proxy.settle(3).allSatisfy { $0.user == "b\u{f6}rn" })
    }

    @Test("are not asked for what holds a control character", arguments: ["anna:sesame\n", "anna\t:sesame", "\u{0}:"])
    func control(pair: String) async throws {
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(authenticator: keeper) { _ in }
        let line = "Proxy-Authorization: Basic \(base64(pair))"
        let response = try await proxy.fetch(head("GET", "http://127.0.0.1:9/", line))
        #expect(response.status == 400 && response.value("connection") == "close" && keeper.count == 0)
        #expect(response.text.contains("control character"))
        #expect(try await proxy.settle()[0].fault == "control_in_credentials")
    }

    @Test("of one user whom a client claims to be are a handful at a time, and those who wait are told of failures")
    func guesses() async throws {
        let latch = Latch()
        let keeper = Doorkeeper { _ in
            await latch.wait()
            return .invalid
        }
        let proxy = try await TestProxy.start(authenticator: keeper) { $0.authentication.failures = 2 }
        let (asked, statuses) = try await onOwnThread { [port = proxy.port] in
            let clients = try (0..<10).map { _ in try RawClient(port: port) }
            for (number, client) in clients.enumerated() {
                try client.send(head("GET", "http://127.0.0.1:9/", basic("anna", "guess\(number)")))
            }
            // One more connection, whose answer shows that the proxy has read all of them.
            let status = try RawClient(port: port).exchange(head("GET", "http://127.0.0.1:9/")).status
            let asked = keeper.count
            latch.open()
            return (asked, try [status] + clients.map { try $0.readResponse().status })
        }
        // The tasks begin on threads of their own.
        #expect(asked <= 4 && statuses[0] == 407)
        let invalid = statuses.dropFirst().filter { $0 == 407 }.count
        let throttled = statuses.dropFirst().filter { $0 == 429 }.count
        #expect(invalid == keeper.count && 4...5 ~= invalid && invalid + throttled == 10, "\(statuses)")
        _ = try await proxy.settle(11)
    }
}
