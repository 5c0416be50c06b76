import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("A connection whose origin answered too early", .timeLimit(.minutes(1)))
struct UnfitConnectionTests {
    /// Answers a POST when its head is there, and takes its body for the next request: whoever comes behind it gets the answer to that.
    private static func hasty(_ connection: ScriptedConnection) throws {
        while let head = try connection.readHead() {
            try connection.send(ok(head.first ?? ""))
            guard head.first?.hasPrefix("POST") == true, try connection.readHead() != nil else { continue }
            guard try connection.readHead() != nil else { return }
            try connection.send(ok("smuggled"))
        }
    }

    @Test("serves no other request", arguments: ["Content-Length: %d", "Transfer-Encoding: chunked"])
    func early(_ framing: String) async throws {
        let origin = try ScriptedOrigin(Self.hasty)
        let proxy = try await TestProxy.start()
        let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        let isChunked = !framing.contains("%d")
        let size = isChunked ? framing : "Content-Length: \(smuggled.utf8.count)"
        for _ in 0..<3 {
            let first = try await proxy.client { client in
                try client.send(head("POST", origin.url("/own"), size))
                let first = try client.readResponse().text
                let count = String(smuggled.utf8.count, radix: 16)
                try client.send(isChunked ? "\(count)\r\n\(smuggled)\r\n0\r\n\r\n" : smuggled)
                _ = try client.readToEnd()
                return first
            }
            #expect(first == "POST /own HTTP/1.1")
            let second = try await proxy.fetch(head("GET", origin.url("/other")))
            #expect(second.text == "GET /other HTTP/1.1")
        }
        _ = try await proxy.settle(6)
    }

    @Test("is one that answers an Expect without a 100", arguments: [true, false])
    func expectation(isContinued: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            while let head = try connection.readHead() {
                let isAsked = head.contains { $0.hasPrefix("Expect") }
                if isContinued, isAsked { try connection.send("HTTP/1.1 100 Continue\r\n\r\n") }
                _ = try connection.readBody(of: head)
                try connection.send(ok("x"))
            }
        }
        let proxy = try await TestProxy.start()
        let request = head("PUT", origin.url(), "Content-Length: 2", "Expect: 100-continue") + "ab"
        #expect(try await proxy.fetch(request).text == "x")
        // A request that may be repeated takes a pooled connection however long that was idle.
        #expect(try await proxy.fetch(head("GET", origin.url())).text == "x")
        #expect(origin.connectionCount == (isContinued ? 1 : 2))
        _ = try await proxy.settle(2)
    }
}

@Suite("Pools that are kept apart", .timeLimit(.minutes(1)))
struct ApartPoolTests {
    @Test("serve each user by connections of its own", arguments: [true, false]) func users(isApart: Bool) async throws
    {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) {
            $0.limits.idleSharing = isApart ? .user : .all
        }
        for line in [basic("anna", "sesame"), basic("bo", "abracadabra"), basic("anna", "sesame")] {
            #expect(try await proxy.fetch(head("GET", origin.url(), line)).status == 200)
        }
        #expect(origin.connectionCount == (isApart ? 2 : 1))
        let settled = try await proxy.settle(3)
        #expect(settled.map(\.reused) == [false, !isApart, true])
    }

    @Test("serve each client by connections of its own where there are no users", arguments: [true, false])
    func clients(isApart: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.listeners = [(try? ListenAddress(parsing: "0.0.0.0:0")) ?? .standard]
            $0.allowFrom = ["127.0.0.0/8"]
            $0.limits.idleSharing = isApart ? .user : .all
        }
        for address in ["127.0.0.1", "127.0.0.2", "127.0.0.1"] {
            try await onOwnThread { [port = proxy.port] in
                let client = try PlainSocket.connected(to: "127.0.0.1", port: port, from: address)
                try client.send(head("GET", origin.url()))
                #expect(try client.read(until: "\r\n\r\nx").hasPrefix("HTTP/1.1 200"))
            }
        }
        #expect(origin.connectionCount == (isApart ? 2 : 1))
        let settled = try await proxy.settle(3)
        #expect(settled.map(\.reused) == [false, !isApart, true])
    }
}
