import Apus
import ApusPolicy
import ApusTesting
import ApusWire
import Dispatch
import Synchronization
import Testing

@testable import ApusAuth

@Suite("Users of a file", .timeLimit(.minutes(15))) struct UserAuthenticatorTests {
    private let cheap = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
    private let costly = "$2y$10$ADE1IAVOAg4PpmGxld46T.Hk8WziUX4mhem/39IKAyYS5nb4PcqlS"
    private let token = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    private let here = IPAddress(v4: 0x7f00_0001)

    private func basic(_ user: String, _ password: String) -> ProxyCredentials {
        .basic(user: user, password: Secret(password))
    }

    @Test("are known by their passwords and tokens") func known() async throws {
        let file = try UserFile(parsing: "anna:\(cheap)\nci:\(token)\nbj\u{f6}rn:\(costly)")
        let users = UserAuthenticator(file, settings: VerifierSettings(deadline: .seconds(3600)))
        #expect(users.challenges == [Challenge.basic(), Challenge.bearer()])
        for (credentials, answer) in [
            (basic("anna", "U*U"), Authentication.user("anna")), (basic("anna", "U*U*"), .invalid),
            (basic("bj\u{f6}rn", "p\u{e4}ss:word"), .user("bj\u{f6}rn")), (basic("eve", "U*U"), .invalid),
            (basic("ci", "abc"), .invalid), (basic("", ""), .invalid), (.bearer(Secret("abc")), .user("ci")),
            (.bearer(Secret("abd")), .invalid), (.bearer(Secret("U*U")), .invalid),
        ] {
            #expect(await users.authenticate(credentials, from: here) == answer, "\(credentials)")
        }
    }

    @Test("are told apart byte by byte: who has the same letters in another form is another one") func exact()
        async throws
    {
        let verifier = PasswordVerifier(VerifierSettings(deadline: .seconds(3600))) { _, _ in .right }
        let users = UserAuthenticator(try UserFile(parsing: "jos\u{e9}:\(cheap)"), verifier: verifier)
        #expect(await users.authenticate(basic("jos\u{e9}", "x"), from: here) == .user("jos\u{e9}"))
        #expect(await users.authenticate(basic("jose\u{301}", "x"), from: here) == .invalid)
    }

    @Test("a password of nobody costs what the costliest does, and is never right") func decoy() async throws {
        let seen = Mutex<[String]>([])
        let verifier = PasswordVerifier(VerifierSettings(deadline: .seconds(3600))) { _, hash in
            seen.withLock { $0.append(hash) }
            return .right
        }
        let users = UserAuthenticator(try UserFile(parsing: "anna:\(cheap)\nbo:\(costly)"), verifier: verifier)
        #expect(await users.authenticate(basic("eve", "x"), from: here) == .invalid)
        #expect(await users.authenticate(basic("anna", "x"), from: here) == .user("anna"))
        #expect(seen.withLock { $0 } == [costly, cheap])
    }

    @Test("are asked for what there is") func challenges() async throws {
        let none = UserAuthenticator(UserFile(), realm: "office")
        #expect(none.challenges == [Challenge.basic(realm: "office")])
        #expect(await none.authenticate(basic("anna", "x"), from: here) == .invalid)
        #expect(await none.authenticate(.bearer(Secret("x")), from: here) == .invalid)
        #expect(UserAuthenticator(try UserFile(parsing: "anna:\(cheap)")).challenges == [Challenge.basic()])
        #expect(UserAuthenticator(try UserFile(parsing: "ci:\(token)")).challenges == [Challenge.bearer()])
    }

    @Test("cannot be told when the system cannot hash, and the reason holds no secret") func failures() async throws {
        let file = try UserFile(parsing: "anna:\(cheap)")
        let users = UserAuthenticator(
            file,
            verifier: PasswordVerifier(VerifierSettings(deadline: .seconds(3600))) { _, _ in .failed(12) }
        )
        guard case .unavailable(let reason) = await users.authenticate(basic("anna", "sesame"), from: here) else {
            Issue.record("it was told")
            return
        }
        #expect(reason.contains("bcrypt") && !reason.contains("CCCC") && !reason.contains("sesame"))
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let verifier = PasswordVerifier(VerifierSettings(threads: 1, deadline: .zero)) { _, _ in
            begun.signal()
            gate.wait()
            return .right
        }
        let busy = UserAuthenticator(file, verifier: verifier)
        let first = Task { await busy.authenticate(basic("anna", "U*U"), from: here) }
        try await onOwnThread { begun.wait() }
        #expect(
            await busy.authenticate(basic("anna", "U*U"), from: here)
                == .unavailable(reason: "too many passwords wait to be verified")
        )
        gate.signal()
        #expect(await first.value == .user("anna"))
    }

    @Test("are served by a proxy, the second time without a hash") func served() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let file = try UserFile(parsing: "anna:\(cheap)")
        let count = Atomic<Int>(0)
        let verifier = PasswordVerifier(VerifierSettings(deadline: .seconds(3600))) { password, hash in
            count.add(1, ordering: .relaxed)
            return Crypt.verify(password, hash)
        }
        let users = UserAuthenticator(file, verifier: verifier)
        let proxy = try await TestProxy.start(authenticator: users) { _ in }
        let statuses = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            defer { client.close() }
            // anna:U*U, then anna:sesame.
            return try ["YW5uYTpVKlU=", "YW5uYTpzZXNhbWU=", "YW5uYTpVKlU="].map { pair in
                try client.send(
                    "GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\nProxy-Authorization: Basic \(pair)\r\n\r\n"
                )
                return try client.readResponse().status
            }
        }
        #expect(statuses == [200, 407, 200])
        #expect(count.load(ordering: .relaxed) == 2)
        #expect(await proxy.records(count: 3).map(\.user) == ["anna", nil, "anna"])
        await proxy.stop()
    }
}
