import ApusTesting
import Testing

@Suite("Scripted peers", .timeLimit(.minutes(15))) struct PeerTests {
    @Test("an origin notes heads, bodies of every framing, and trailers") func requests() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await onOwnThread {
            let client = try RawClient(port: origin.port)
            try client.send("GET /a HTTP/1.1\r\nHost: h\r\nX: 1\r\nx:  2 \r\n\r\n")
            #expect(try client.readResponse().status == 200)
            try client.send("POST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try client.readResponse().complete)
            try client.send("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
            try client.send("2;x=y\r\nab\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n")
            #expect(try client.readResponse().body.isEmpty)
        }
        #expect(origin.requests.map(\.line) == ["GET /a HTTP/1.1", "POST /b HTTP/1.1", "POST /c HTTP/1.1"])
        #expect(origin.requests.map(\.text) == ["", "abc", "ab0123456789"])
        #expect(origin.requests.map(\.method) == ["GET", "POST", "POST"])
        #expect(origin.requests.map(\.target) == ["/a", "/b", "/c"])
        #expect(origin.requests.first?.values("x") == ["1", "2"])
        #expect(origin.requests.last?.trailers == ["T: u"])
        #expect(origin.requests.allSatisfy { $0.complete })
        #expect(origin.connectionCount == 1)
        #expect(origin.failures.isEmpty)
    }

    @Test("a client reads responses of every framing, at every cut") func responses() async throws {
        let text =
            "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n"
            + "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
            + "HTTP/1.1 200 OK\r\n\r\nto the end"
        let origin = try ScriptedOrigin { connection in
            let cut = try #require(Int(String(decoding: try connection.read(3), as: UTF8.self)))
            let bytes = Array(text.utf8)
            try connection.send(Array(bytes[..<cut]))
            // The client's next byte says that it has read so far.
            _ = try connection.read(1)
            try connection.send(Array(bytes[cut...]))
        }
        try await onOwnThread {
            for cut in stride(from: 100, to: text.utf8.count, by: 7) {
                let client = try RawClient(port: origin.port)
                try client.send("\(cut)")
                try client.send("x")
                let first = try client.readResponse()
                #expect(
                    first.status == 200 && first.text == "ok"
                        && first.interim == [["HTTP/1.1 103 Early Hints", "Link: a"]]
                )
                let second = try client.readResponse()
                #expect(second.text == "abc" && second.trailers == ["T: u"] && second.complete)
                #expect(try client.readResponse().status == 204)
                let head = try client.readResponse(to: "HEAD")
                #expect(head.body.isEmpty && head.value("content-length") == "9" && head.complete)
                let last = try client.readResponse()
                #expect(last.text == "to the end" && last.complete && !last.wasReset)
                #expect(client.received.count == text.utf8.count)
            }
        }
        #expect(origin.failures.isEmpty)
    }

    @Test("a response that is cut short is told as such, a reset as a reset") func cutShort() async throws {
        let origin = try ScriptedOrigin { connection in
            let head = try connection.readHead() ?? []
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
            if head.first?.contains("/reset") == true {
                _ = try connection.read(1)
                connection.reset()
            }
        }
        try await onOwnThread {
            let client = try RawClient(port: origin.port)
            try client.send("GET /close HTTP/1.1\r\n\r\n")
            let response = try client.readResponse()
            #expect(response.text == "ab" && !response.complete && !response.wasReset)

            let other = try RawClient(port: origin.port)
            try other.send("GET /reset HTTP/1.1\r\n\r\n")
            #expect(try other.readHead().first == "HTTP/1.1 200 OK")
            #expect(try other.read(2) == Array("ab".utf8))
            try other.send("x")
            #expect(other.isReset())
        }
    }

    @Test("FIN and reset reach the other side as what they are") func ends() async throws {
        let origin = try ScriptedOrigin { connection in
            #expect(try connection.readToEnd() == Array("abc".utf8))
            try connection.send("gone")
        }
        try await onOwnThread {
            let client = try RawClient(port: origin.port)
            try client.send("abc")
            client.shutdown()
            #expect(try client.readToEnd() == Array("gone".utf8))
            #expect(client.isClosed())
        }
        let broken = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
        }
        try await onOwnThread {
            let client = try RawClient(port: broken.port)
            try client.send("GET / HTTP/1.1\r\nContent-Le")
            client.reset()
            let other = try RawClient(port: broken.port)
            other.shutdown()
            #expect(other.isClosed())
        }
        #expect(broken.connectionCount == 2)
    }

    @Test("a call that waits too long says so") func deadline() async throws {
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        await #expect(throws: PeerFault.timedOut) {
            try await onOwnThread {
                let client = try RawClient(port: origin.port, deadline: .milliseconds(20))
                _ = try client.read(1)
            }
        }
        try await onOwnThread {
            let client = try RawClient(port: origin.port)
            #expect(!client.isClosed(within: .milliseconds(20)))
            #expect(!client.isReset(within: .milliseconds(20)))
        }
    }

    @Test("a stopped origin ends its connections and refuses new ones") func stopped() async throws {
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        try await onOwnThread {
            let client = try RawClient(port: origin.port)
            try client.send("a")
            origin.stop()
            #expect(client.isClosed())
            #expect(throws: PeerFault.self) { _ = try RawClient(port: origin.port) }
        }
    }

    @Test("work on a thread of its own gives its result or its error back") func ownThread() async throws {
        #expect(try await onOwnThread { 7 } == 7)
        await #expect(throws: PeerFault.closed) { try await onOwnThread { throw PeerFault.closed } }
    }
}
