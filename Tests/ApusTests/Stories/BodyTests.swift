import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Recorded bodies", .timeLimit(.minutes(15)))
struct BodyTests {
    /// How a body is delimited.
    enum Framing: CaseIterable {
        case length, chunked, untilClose
    }

    private static let limit = 10_000

    private func proxy(_ change: (inout ProxyConfiguration) -> Void = { _ in }) async throws -> TestProxy {
        try await TestProxy.start { configuration in
            configuration.recorder.bodies = BodyTests.limit
            change(&configuration)
        }
    }

    /// What is recorded of the request with this number.
    private func found(_ proxy: TestProxy, _ number: Int = 0) async throws -> Transaction {
        let records = await proxy.records(count: number + 1)
        try #require(records.count > number)
        return try #require(await proxy.server.transaction(records[number].id))
    }

    /// Content in chunks of uneven sizes, with an extension and a trailer.
    private func chunked(_ content: [UInt8]) -> [UInt8] {
        var (bytes, at, size): ([UInt8], Int, Int) = ([], 0, 1)
        while at < content.count {
            let end = min(content.count, at + size)
            bytes += Array("\(String(end - at, radix: 16));a=b\r\n".utf8) + content[at..<end] + Array("\r\n".utf8)
            (at, size) = (end, size * 3 + 1)
        }
        return bytes + Array("0\r\nX-Trailer: yes\r\n\r\n".utf8)
    }

    private func message(_ start: String, _ framing: Framing, _ content: [UInt8]) -> [UInt8] {
        switch framing {
        case .length: Array("\(start)\r\nContent-Length: \(content.count)\r\n\r\n".utf8) + content
        case .untilClose: Array("\(start)\r\nConnection: close\r\n\r\n".utf8) + content
        case .chunked: Array("\(start)\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + chunked(content)
        }
    }

    private func expect(
        _ body: RecordedBody?,
        _ content: [UInt8],
        limit: Int = BodyTests.limit,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(body?.total == UInt64(content.count), sourceLocation: sourceLocation)
        #expect(body?.bytes == Array(content.prefix(limit)), sourceLocation: sourceLocation)
        #expect(body?.isTruncated == (content.count > limit), sourceLocation: sourceLocation)
    }

    @Test(
        "content is recorded without its framing, up to the bound, and passes whole",
        arguments: Framing.allCases,
        [1, 9_999, 10_000, 10_001, 400_000]
    )
    func framings(framing: Framing, size: Int) async throws {
        let (asked, answered) = (pattern(size, seed: 1), pattern(size, seed: 2))
        let response = message("HTTP/1.1 200 OK", framing, answered)
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                #expect(request.body == asked)
                try connection.send(response)
                if framing == .untilClose { return }
            }
        }
        let proxy = try await proxy()
        let start = "PUT \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)"
        let request = message(start, framing == .chunked ? .chunked : .length, asked)
        try await proxy.client { client in
            // The second one straight from its read, on a pooled connection.
            for _ in 0..<(framing == .untilClose ? 1 : 2) {
                try client.send(request)
                let answer = try client.readResponse()
                #expect(answer.complete && answer.body == answered)
            }
        }
        for number in 0..<(framing == .untilClose ? 1 : 2) {
            let found = try await found(proxy, number)
            expect(found.requestBody, asked)
            expect(found.responseBody, answered)
            #expect(found.record.bytes.fromUpstream == UInt64(response.count))
            #expect(found.record.bytes.fromClient == UInt64(request.count))
        }
    }

    @Test("a body that comes byte by byte is recorded whole") func trickled() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            for byte in Array(ok("slowly").utf8) { try connection.send([byte]) }
        }
        let proxy = try await proxy()
        #expect(try await proxy.fetch(head("GET", origin.url())).text.hasSuffix("slowly"))
        let found = try await found(proxy)
        #expect(found.requestBody == nil)
        #expect(found.responseBody?.text == "slowly")
    }

    @Test("each of pipelined requests has its own body") func pipelined() async throws {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                try connection.send(ok("answer to \(String(decoding: request.body, as: UTF8.self))"))
            }
        }
        let proxy = try await proxy()
        let requests = (0..<5).map { head("POST", origin.url(), "Content-Length: 4") + "no \($0)" }
        try await proxy.client { client in
            try client.send(requests.joined())
            for _ in requests { _ = try client.readResponse() }
        }
        for number in requests.indices {
            let found = try await found(proxy, number)
            #expect(found.requestBody?.text == "no \(number)")
            #expect(found.responseBody?.text == "answer to no \(number)")
        }
    }

    @Test("a reader that takes little at a time gets all of it", arguments: [Framing.length, .untilClose, .chunked])
    func slow(framing: Framing) async throws {
        let content = pattern(3 << 20)
        let response = message("HTTP/1.1 200 OK", framing, content)
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(response)
        }
        let proxy = try await proxy { $0.recorder.bodies = 1 << 20 }
        try await proxy.client(window: 4096) { client in
            try client.send(head("GET", origin.url()))
            let answer = try client.readResponse()
            #expect(answer.body == content)
        }
        let found = try await found(proxy)
        // Half of what the memory has for bodies, which is less than was asked for.
        let most = found.responseBody?.bytes.count ?? 0
        #expect(most > 512 << 10 && most <= 1 << 20)
        expect(found.responseBody, content, limit: most)
    }

    @Test("a body that waits for 100 (Continue) is recorded, and the interim response is none") func waiting()
        async throws
    {
        let origin = try ScriptedOrigin { connection in
            guard let head = try connection.readHead() else { return }
            try connection.send("HTTP/1.1 100 Continue\r\n\r\n")
            _ = try connection.readBody(of: head)
            try connection.send(ok("thanks"))
        }
        let proxy = try await proxy()
        try await proxy.client { client in
            try client.send(head("POST", origin.url(), "Content-Length: 5", "Expect: 100-continue"))
            #expect(try client.readHead().first == "HTTP/1.1 100 Continue")
            try client.send("later")
            _ = try client.readResponse()
        }
        let found = try await found(proxy)
        #expect(found.requestBody?.text == "later" && found.requestBody?.total == 5)
        #expect(found.responseBody?.text == "thanks" && found.responseBody?.total == 6)
    }

    @Test("where there is no content there is no body") func none() async throws {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                let isHead = request.head[0].hasPrefix("HEAD")
                try connection.send("HTTP/1.1 \(isHead ? "200 OK" : "304 Not Modified")\r\nContent-Length: 5\r\n\r\n")
            }
        }
        let proxy = try await proxy()
        _ = try await proxy.fetch(head("HEAD", origin.url()), method: "HEAD")
        _ = try await proxy.fetch(head("GET", origin.url()))
        for number in 0..<2 {
            let found = try await found(proxy, number)
            #expect(found.response != nil && found.requestBody == nil && found.responseBody == nil)
        }
    }

    @Test("an early refusal keeps what had come of the request, and a cut response what had come of it") func parts()
        async throws
    {
        let early = try ScriptedOrigin { connection in
            _ = try connection.readHead()
            _ = try connection.read(4)
            try connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!")
            _ = try connection.readToEnd()
        }
        let cut = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour")
        }
        let proxy = try await proxy { $0.recorder.transactions = 8 }
        try await proxy.client { client in
            try client.send(head("POST", early.url(), "Content-Length: 100") + "four")
            #expect(try client.readResponse().status == 413)
        }
        let refused = try await found(proxy)
        #expect(refused.requestBody?.text == "four" && refused.requestBody?.total == 4)
        #expect(refused.responseBody?.text == "no!")
        _ = try await proxy.fetch(head("GET", cut.url()))
        #expect(try await found(proxy, 1).responseBody?.text == "four")
        // Among those that failed it outlives the others.
        let origin = try ScriptedOrigin.answering(ok("x"))
        for _ in 0..<10 { _ = try await proxy.fetch(head("GET", origin.url())) }
        _ = await proxy.records(count: 12)
        #expect(try await found(proxy, 1).responseBody?.text == "four")
    }

    @Test("an answer of the proxy's own is recorded with its text") func own() async throws {
        let proxy = try await proxy { $0.connectPorts = .only([443]) }
        let answer = try await proxy.fetch(connect("127.0.0.1:1"))
        let found = try await found(proxy)
        #expect(answer.status == 403 && found.responseBody?.bytes == answer.body)
        #expect(found.responseBody?.isTruncated == false)
    }

    @Test("neither tunnels nor upgraded connections are recorded") func tunnels() async throws {
        let origin = try ScriptedOrigin { connection in
            let first = try connection.readHead()?.first ?? ""
            if first.hasPrefix("GET") {
                let fields = "Connection: upgrade\r\nUpgrade: echo"
                try connection.send("HTTP/1.1 101 Switching Protocols\r\n\(fields)\r\n\r\n")
            }
            try connection.send("secret")
        }
        let proxy = try await proxy()
        try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readHead()
            try client.send("GET / HTTP/1.0\r\n\r\n")
            _ = try client.readToEnd()
        }
        try await proxy.client { client in
            try client.send(head("GET", origin.url(), "Connection: upgrade", "Upgrade: echo"))
            _ = try client.readHead()
            _ = try client.read(6)
        }
        let records = await proxy.records(count: 2)
        #expect(Set(records.map(\.kind)) == [.tunnel, .upgrade])
        for number in 0..<2 {
            let found = try await found(proxy, number)
            #expect(found.response != nil || found.record.kind == .tunnel)
            #expect(found.requestBody == nil && found.responseBody == nil)
        }
    }

    @Test("of a body that was overwritten the length is left; heads and words outlive it") func overwritten()
        async throws
    {
        let origin = try ScriptedOrigin.answering(ok(String(repeating: "x", count: 60_000)))
        let proxy = try await proxy {
            $0.recorder.memory = 1 << 20
            $0.recorder.bodies = 60_000
        }
        for _ in 0..<20 { _ = try await proxy.fetch(head("GET", origin.url())) }
        _ = await proxy.records(count: 20)
        let first = try await found(proxy)
        #expect(first.response != nil && first.responseBody == RecordedBody(bytes: [], total: 60_000))
        #expect(try await found(proxy, 19).responseBody?.bytes.count == 60_000)
    }

    @Test("without the setting there are no bodies") func off() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy { $0.recorder.bodies = 0 }
        _ = try await proxy.fetch(head("GET", origin.url()))
        let found = try await found(proxy)
        #expect(found.response != nil && found.responseBody == nil)
    }
}
