import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("A connection that an origin authenticates", .timeLimit(.minutes(1)))
struct ConnectionAuthenticationTests {
    /// An origin that takes everything on a connection for that of the one who proved himself there, as NTLM has it: a first message
    /// is answered with a challenge, the next one proves the user named in it.
    private static func mailboxes(_ grant: String = "X: y") throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            var user: String?
            while let request = try connection.readRequest() {
                let words = (request.value("authorization") ?? "").split(separator: " ")
                if words.count == 2, words[1] == "hello" {
                    try connection.send(refusal("WWW-Authenticate: \(words[0]) challenge"))
                    continue
                }
                if words.count == 2 { user = String(words[1]) }
                guard let user else {
                    try connection.send(refusal("WWW-Authenticate: Negotiate", "WWW-Authenticate: NTLM"))
                    continue
                }
                try connection.send(ok("mailbox of \(user)", grant))
            }
        }
    }

    private static func refusal(_ fields: String...) -> String {
        (["HTTP/1.1 401 Unauthorized", "Content-Length: 0"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test(
        "is nobody else's, nor the same client's next request's",
        arguments: ["NTLM alice", "Negotiate alice", "ntlm alice", "Kerberos alice"]
    )
    func proved(_ credentials: String) async throws {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start()
        let mine = try await proxy.client { client in
            let mine = try client.exchange(head("GET", origin.url(), "Authorization: \(credentials)"))
            #expect(try client.exchange(head("GET", origin.url())).status == 401)
            return mine.text
        }
        #expect(mine == "mailbox of alice")
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 401)
        #expect(try await proxy.settle(3).allSatisfy { !$0.reused })
    }

    @Test(
        "is kept from others by what the origin says, too",
        arguments: ["Persistent-Auth: true", "WWW-Authenticate: NTLM x"]
    )
    func granted(_ field: String) async throws {
        // Its own scheme is none that is known.
        let origin = try Self.mailboxes(field)
        let proxy = try await TestProxy.start()
        let request = head("GET", origin.url(), "Authorization: Magic alice")
        #expect(try await proxy.fetch(request).text == "mailbox of alice")
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 401)
        _ = try await proxy.settle(2)
    }

    @Test("is made anew for such credentials, and they are sent once") func unrepeated() async throws {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                if request.value("authorization") != nil { return connection.reset() }
                try connection.send(ok("plain"))
            }
        }
        let proxy = try await TestProxy.start()
        let statuses = try await proxy.client { client in
            [
                try client.exchange(head("GET", origin.url())).status,
                try client.exchange(head("GET", origin.url(), "Authorization: NTLM alice")).status,
            ]
        }
        #expect(statuses == [200, 502] && origin.requests.count == 2 && origin.connectionCount == 2)
        _ = try await proxy.settle(2)
    }

    @Test("of other schemes goes into the pool as before", arguments: ["Basic YWxpY2U6eA==", "Bearer NTLM"])
    func others(_ credentials: String) async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start()
        for _ in 0..<3 { _ = try await proxy.fetch(head("GET", origin.url(), "Authorization: \(credentials)")) }
        #expect(origin.connectionCount == 1)
        _ = try await proxy.settle(3)
    }

    @Test("is its client's to the end") func kept() async throws {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start()
        await withKnownIssue("Hold 13: such a connection is closed after each answer, in place of kept for its client")
        {
            let (first, texts) = try await proxy.client { client in
                let first = try client.exchange(head("GET", origin.url()))
                _ = try client.exchange(head("GET", origin.url(), "Authorization: NTLM hello"))
                let third = try client.exchange(head("GET", origin.url(), "Authorization: NTLM alice")).text
                return (first, [third, try client.exchange(head("GET", origin.url())).text])
            }
            #expect(first.value("proxy-support") == "Session-Based-Authentication")
            #expect(texts == ["mailbox of alice", "mailbox of alice"])
            #expect(origin.connectionCount == 1)
        }
        let count = origin.connectionCount
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 401)
        #expect(origin.connectionCount == count + 1)
        _ = try await proxy.settle(5)
    }
}
