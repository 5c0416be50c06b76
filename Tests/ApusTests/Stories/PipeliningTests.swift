import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Pipelining", .timeLimit(.minutes(15)))
struct PipeliningTests {
    /// Answers with the request's target, and its body behind it.
    private func echo() throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                try connection.send(ok("\(request.method) \(request.target) \(request.text)"))
            }
        }
    }

    @Test("requests sent at once are answered in their order") func inOrder() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            try client.send((1...20).map { head("GET", origin.url("/\($0)")) }.joined())
            return try (1...20).map { _ in try client.readResponse().text }
        }
        #expect(texts == (1...20).map { "GET /\($0) " })
        let records = try await proxy.settle(20)
        #expect(records.map(\.path) == (1...20).map { "/\($0)" })
        #expect(records.allSatisfy { $0.ending == .complete })
    }

    @Test("two origins do not change the order, however slow the first is") func twoOrigins() async throws {
        let fast = try echo()
        let asked = try Gate()
        let slow = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                try asked.wait()
                try connection.send(ok("slow"))
            }
        }
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            try client.send(head("GET", slow.url()) + head("GET", fast.url("/fast")))
            asked.open()
            return try [client.readResponse().text, client.readResponse().text]
        }
        #expect(texts == ["slow", "GET /fast "])
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.port) == [slow.port, fast.port])
    }

    @Test("bodies between pipelined requests stay with theirs") func bodies() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start()
        let all =
            head("GET", origin.url("/1")) + head("POST", origin.url("/2"), "Content-Length: 3") + "two"
            + head("POST", origin.url("/3"), "Transfer-Encoding: chunked") + "5\r\nthree\r\n0\r\n\r\n"
            + head("PUT", origin.url("/4"), "Content-Length: 4") + "four" + head("GET", origin.url("/5"))
        let expected = ["GET /1 ", "POST /2 two", "POST /3 three", "PUT /4 four", "GET /5 "]
        let rounds = try await proxy.client { client in
            try (0..<2).map { _ in
                try client.send(all)
                return try (1...5).map { _ in try client.readResponse().text }
            }
        }
        #expect(rounds == [expected, expected])
        let records = try await proxy.settle(10)
        #expect(records.allSatisfy { $0.ending == .complete })
        #expect(records[..<5].map(\.bytes.fromClient).reduce(0, +) == UInt64(all.utf8.count))
    }

    @Test("a CONNECT behind other requests becomes a tunnel when its turn comes") func tunnelAtEnd() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            try client.send(head("GET", origin.url("/1")) + connect(origin.authority))
            let first = try client.readResponse().text
            let second = try client.readResponse(to: "CONNECT").status
            let third = try client.exchange("GET /in HTTP/1.1\r\nHost: x\r\n\r\n").text
            return [first, "\(second)", third]
        }
        #expect(texts == ["GET /1 ", "200", "GET /in "])
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.kind) == [.request, .tunnel])
    }

    @Test("a fault behind a good request is answered in its turn, and ends the connection") func faultAtEnd()
        async throws
    {
        let origin = try echo()
        let proxy = try await TestProxy.start()
        let (statuses, isClosed) = try await proxy.client { client in
            try client.send(
                head("GET", origin.url("/1")) + "GET http://x y HTTP/1.1\r\n\r\n" + head("GET", origin.url())
            )
            let statuses = try [client.readResponse().status, client.readResponse().status]
            return (statuses, client.isClosed())
        }
        #expect(statuses == [200, 400] && isClosed)
        let records = try await proxy.settle(2)
        #expect(records.map(\.ending) == [.complete, Ending(.client, .read, .fault)])
        #expect(origin.requests.count == 1)
    }

    @Test("what was pipelined behind the last request does not destroy its answer") func behindClose() async throws {
        let asked = try Gate()
        let sent = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            asked.open()
            try sent.wait()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
            try connection.send(pattern(300_000))
        }
        let proxy = try await TestProxy.start()
        let response = try await proxy.client(window: 4096) { client in
            try client.send(head("GET", origin.url(), "Connection: close"))
            try asked.wait()
            // More than the proxy keeps: the rest stays unread in its kernel.
            for _ in 0..<8 { _ = client.sendNow(pattern(65_536)) }
            sent.open()
            return try client.readResponse()
        }
        #expect(response.complete && response.body == pattern(300_000))
        #expect(try await proxy.settle()[0].ending == .complete)
    }
}
