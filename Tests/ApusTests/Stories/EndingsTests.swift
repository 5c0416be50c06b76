import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Half-close, resets and early answers", .timeLimit(.minutes(15)))
struct EndingsTests {
    // MARK: Half-close

    @Test("a client that has sent FIN still gets its answer, and then the end") func clientFinFirst() async throws {
        let asked = try Gate()
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                try asked.wait()
                try connection.send(ok("late"))
            }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(head("GET", origin.url()))
            client.shutdown()
            asked.open()
            #expect(try client.readResponse().text == "late")
            #expect(client.isClosed())
        }
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("a FIN in the middle of the answer ends the connection behind it") func clientFinWithin() async throws {
        let finished = try Gate()
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
                try finished.wait()
                try connection.send("half")
            }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(head("GET", origin.url()))
            _ = try client.readHead()
            #expect(try client.read(4) == Array("half".utf8))
            client.shutdown()
            finished.open()
            #expect(try client.read(4) == Array("half".utf8))
            #expect(client.isClosed())
        }
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("a client that goes in the middle of its request body takes it from the origin too") func clientFinInBody()
        async throws
    {
        let asked = try Gate()
        let cut = try Gate()
        let origin = try ScriptedOrigin { connection in
            guard let head = try connection.readHead() else { return }
            asked.open()
            let request = try connection.readBody(of: head)
            if !request.complete { cut.open() }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(head("POST", origin.url(), "Content-Length: 10") + "half")
            try asked.wait()
            client.shutdown()
            try cut.wait()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.client, .relay, .closed))
        #expect(record.status == 0)
    }

    @Test("an origin that sends FIN behind a whole answer ends nothing but its connection") func originFin()
        async throws
    {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(ok("x", "Connection: close"))
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            for _ in 0..<3 {
                let text = try client.exchange(head("GET", origin.url())).text
                #expect(text == "x")
            }
        }
        #expect(origin.connectionCount == 3)
        let settled = try await proxy.settle(3)
        #expect(settled.allSatisfy { $0.ending == .complete })
    }

    // MARK: Resets

    @Test("a client's reset before the answer closes the origin's connection") func clientResetsEarly() async throws {
        let asked = try Gate()
        let gone = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            asked.open()
            _ = try? connection.readToEnd()
            gone.open()
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(head("GET", origin.url()))
            try asked.wait()
            client.reset()
            try gone.wait()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending.who == .client && record.ending.stage == .relay && record.status == 0)
    }

    @Test("a client's reset in the middle of a download ends it", arguments: ["Content-Length: 100000000", "X: y"])
    func clientResetsWithin(framing: String) async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n")
            while true { try connection.send(pattern(65_536)) }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(head("GET", origin.url()))
            _ = try client.read(300_000)
            client.reset()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending.who == .client && record.ending.stage == .relay && record.status == 200)
        #expect(record.bytes.toClient >= 300_000)
    }

    @Test("a client's reset in the middle of an upload ends it, whatever the framing", arguments: [true, false])
    func clientResetsUpload(isChunked: Bool) async throws {
        let asked = try Gate()
        let cut = try Gate()
        let origin = try ScriptedOrigin { connection in
            guard let head = try connection.readHead() else { return }
            asked.open()
            if try !connection.readBody(of: head).complete { cut.open() }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 10"
            try client.send(head("PUT", origin.url(), framing) + (isChunked ? "a\r\nhalf" : "half"))
            try asked.wait()
            client.reset()
            try cut.wait()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending.who == .client && record.ending.stage == .relay)
    }

    @Test("a client's reset while the name is looked up leaves one record") func clientResetsInLookUp() async throws {
        let asked = try Gate()
        let answer = try Gate()
        let proxy = try await TestProxy.start(
            lookUp: { _ in
                asked.open()
                try? answer.wait()
                return ["127.0.0.1"]
            },
            { _ in }
        )
        try await proxy.client { client in
            try client.send(head("GET", "http://slow.example/"))
            try asked.wait()
            client.reset()
        }
        let record = try #require(await proxy.record())
        answer.open()
        #expect(record.ending.who == .client && record.ending.stage == .reach && record.host == "slow.example")
        #expect(try await proxy.settle().count == 1)
    }

    @Test("an origin's reset before its answer is a 502 that says so") func originResetsEarly() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            connection.reset()
        }
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(head("GET", origin.url()))
        #expect(response.status == 502)
        #expect(response.value("proxy-status")?.contains("error=connection_terminated") == true)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.upstream, .relay, .reset))
        #expect(record.proxyStatus == "connection_terminated")
    }

    /// The framing of a response, a part of its body, and whether the client must see a reset.
    static let cuts: [(fields: String, part: String, resets: Bool)] = [
        ("Content-Length: 10\r\n", "half", false),
        ("Transfer-Encoding: chunked\r\n", "4\r\nhalf\r\n", false),
        ("Transfer-Encoding: chunked\r\n", "8\r\nhalf", false),
        ("", "half", true),
    ]

    @Test("an answer that the origin resets reaches the client as cut short", arguments: cuts)
    func originResetsWithin(fields: String, part: String, resets: Bool) async throws {
        let seen = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n\(fields)\r\n\(part)")
            try seen.wait()
            connection.reset()
        }
        let proxy = try await TestProxy.start()
        let (isWhole, wasReset) = try await proxy.client { client in
            try client.send(head("GET", origin.url()))
            let lines = try client.readHead()
            #expect(lines[0].contains(" 200 "))
            _ = try client.read(part.utf8.count)
            seen.open()
            return resets ? (false, client.isReset()) : (!client.isClosed(), false)
        }
        #expect(!isWhole && wasReset == resets)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.upstream, .relay, .reset) && record.status == 200)
    }

    @Test("an answer whose origin closes too early is not passed off as whole", arguments: cuts.dropLast())
    func originClosesWithin(fields: String, part: String, resets: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n\(fields)\r\n\(part)")
        }
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(head("GET", origin.url()))
        #expect(response.status == 200 && !response.complete)
        #expect(response.text == "half")
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.upstream, .relay, .closed))
    }

    @Test("an HTTP/1.0 client sees a cut of a chunked answer by a reset") func cutFor10() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        }
        let proxy = try await TestProxy.start()
        let isReset = try await proxy.client { client in
            try client.send(head("GET", origin.url(), version: "1.0"))
            return client.isReset()
        }
        #expect(isReset)
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .relay, .closed))
    }

    @Test(
        "garbage in place of an answer is a 502, and never passed on",
        arguments: ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 2\r\n\r\n"]
    )
    func garbage(answer: String) async throws {
        let origin = try ScriptedOrigin.answering(answer)
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(head("GET", origin.url()))
        #expect(response.status == 502)
        #expect(response.value("proxy-status")?.contains("http_protocol_error") == true)
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .relay, .fault))
    }

    // MARK: Early answers

    @Test("a 413 that comes early reaches a client that still sends", arguments: [true, false])
    func early413(isChunked: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno!")
        }
        let proxy = try await TestProxy.start()
        let response = try await proxy.client { client in
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 600000"
            try client.send(head("POST", origin.url(), framing))
            if isChunked { try client.send("927c0\r\n") }
            try client.send(pattern(200_000))
            let response = try client.readResponse()
            // It goes on for a while, as curl does, and must not be reset for it.
            try client.send(pattern(200_000))
            #expect(client.isClosed())
            return response
        }
        #expect(response.status == 413 && response.text == "no!")
        #expect(response.value("connection")?.lowercased() == "close")
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.status == 413)
        #expect(record.bytes.fromClient > 0 && record.bytes.fromClient <= 400_200)
    }

    @Test("what an early answer left unsent counts what the origin got", arguments: [true, false])
    func earlyCounts(isChunked: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            guard try connection.readHead() != nil else { return }
            _ = try connection.read(isChunked ? 8 : 5)
            try connection.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
            _ = try? connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        let request = head("POST", origin.url(), isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 10")
        let part = isChunked ? "a\r\nhello" : "hello"
        let response = try await proxy.fetch(request + part)
        #expect(response.status == 403)
        let record = try await proxy.settle()[0]
        #expect(record.bytes.fromClient == UInt64((request + part).utf8.count))
    }

    @Test("behind an early 202 that is over the rest of an upload still reaches the origin", arguments: [true, false])
    func uploadBehindAnswer(isChunked: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            while let head = try connection.readHead() {
                try connection.send("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok")
                let body = try connection.readBody(of: head).body
                if !body.isEmpty, body != pattern(3_000_000) { throw PeerFault.closed }
            }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(
                head("PUT", origin.url(), isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 3000000")
            )
            let response = try client.readResponse(to: "PUT")
            #expect(response.status == 202 && response.value("connection")?.lowercased() == "close")
            // FIN is there already, and the upload goes on.
            #expect(try client.readToEnd().isEmpty)
            if isChunked { try client.send("2dc6c0\r\n") }
            try client.send(pattern(3_000_000))
            if isChunked { try client.send("\r\n0\r\n\r\n") }
        }
        // All of the request went the origin's way; but who answers ahead of the last byte may take it for the next request, so that
        // another one has a connection of its own.
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 202)
        #expect(origin.failures.isEmpty && origin.connectionCount == 2)
        let record = try #require(try await proxy.settle(2).first { $0.method == "PUT" })
        #expect(record.ending == .complete && record.status == 202 && record.bytes.toUpstream > 3_000_000)
    }

    @Test("a client that breaks its upload off behind an early answer is recorded so") func uploadBrokenOff()
        async throws
    {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readHead()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            _ = try? connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(head("PUT", origin.url(), "Content-Length: 100") + "begun")
            #expect(try client.readResponse(to: "PUT").text == "ok")
            client.close()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending.who == .client && record.ending.stage == .relay && record.status == 200)
    }

    @Test("a 200 that begins early goes on beside the request body", arguments: [true, false])
    func early200(isChunked: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            guard try connection.readHead() != nil else { return }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n")
            for part in 0..<3 {
                let word = try connection.read(isChunked ? 10 : 5).filter { $0 > 0x60 }
                if part == 2, isChunked { _ = try connection.read(5) }
                try connection.send(word)
            }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(head("POST", origin.url(), isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 15"))
            #expect(try client.readHead()[0].contains(" 200 "))
            for part in ["hello", "there", "again"] {
                try client.send(isChunked ? "5\r\n\(part)\r\n" : part)
                if part == "again", isChunked { try client.send("0\r\n\r\n") }
                #expect(try client.read(5) == Array(part.utf8))
            }
            #expect(client.isClosed())
        }
        #expect(origin.failures.isEmpty)
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.status == 200)
    }
}
