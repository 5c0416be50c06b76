import Apus
import ApusFlow
import ApusTesting
import Glibc
import Testing

@Suite("Caps and deadlines", .timeLimit(.minutes(15)))
struct LimitTests {
    // MARK: Caps

    @Test("clients on loopback are exempt from the cap by client") func loopbackIsExempt() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start { $0.limits.connectionsPerClient = 1 }
        try await onOwnThread { [port = proxy.port] in
            let clients = try (0..<5).map { _ in try RawClient(port: port) }
            for client in clients {
                let text = try client.exchange(head("GET", origin.url())).text
                #expect(text == "x")
            }
        }
        _ = try await proxy.settle(5)
    }

    @Test("beyond the cap on connections there is a 503 without waiting, and room again later") func connections()
        async throws
    {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start { $0.limits.connections = 2 }
        let refused = try await onOwnThread { [port = proxy.port] in
            let clients = try (0..<2).map { _ in try RawClient(port: port) }
            for client in clients { _ = try client.exchange(head("GET", origin.url())) }
            let third = try RawClient(port: port)
            let refused = try third.readResponse()
            third.close()
            clients[0].shutdown()
            #expect(clients[0].isClosed())
            let fourth = try RawClient(port: port)
            let text = try fourth.exchange(head("GET", origin.url())).text
            #expect(text == "x")
            return refused
        }
        #expect(refused.status == 503)
        #expect(refused.value("proxy-status")?.contains("error=connection_limit_reached") == true)
        #expect(refused.value("retry-after") != nil)
        let records = try await proxy.settle(4)
        #expect(records[2].ending.how == .limit && records[2].status == 503)
    }

    // MARK: Deadlines

    @Test("a head that does not come to its end is a 408") func slowHead() async throws {
        try await atPace(from: .milliseconds(100)) { deadline in
            let proxy = try await TestProxy.start { $0.timeouts.head = deadline }
            let response = try await proxy.client { client in
                let response = try client.exchange("GET http://o.example/ HTTP/1.1\r\nHost: o")
                #expect(client.isClosed())
                return response
            }
            #expect(response.status == 408)
            let record = try await proxy.settle()[0]
            #expect(record.ending == Ending(.client, .read, .timeout) && record.status == 408)
            #expect(record.bytes.fromClient == 39)
        }
    }

    @Test("empty lines behind a request begin no other one", arguments: ["\r\n", "\r\n\r", "\r"])
    func emptyLines(_ lines: String) async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        try await atPace(from: .milliseconds(100)) { deadline in
            let proxy = try await TestProxy.start {
                $0.timeouts.head = deadline
                $0.timeouts.clientIdle = deadline * 3
            }
            try await proxy.client { client in
                #expect(try client.exchange(head("GET", origin.url())).status == 200)
                let before = client.received
                try client.send(lines)
                // It is closed as an idle one, without a word.
                #expect(client.isClosed())
                #expect(client.received == before)
            }
            try await proxy.client { client in
                #expect(try client.exchange(head("GET", origin.url())).status == 200)
                try client.send("\r\n" + head("GET", origin.url()))
                #expect(try client.readResponse().status == 200)
                try client.send("\r\n")
            }
            _ = try await proxy.settle(3)
        }
    }

    @Test("a client that says nothing is closed without a word, and without a record") func silent() async throws {
        let proxy = try await TestProxy.start { $0.timeouts.head = .milliseconds(100) }
        try await proxy.client { client in
            #expect(client.isClosed())
            #expect(client.received.isEmpty)
        }
        _ = try await proxy.settle(0)
    }

    @Test("a trickle of bytes does not prolong the time for a head") func trickle() async throws {
        try await atPace(from: .milliseconds(200)) { deadline in
            let proxy = try await TestProxy.start { $0.timeouts.head = deadline }
            // Each byte waits for a chance of the answer, a tenth of the deadline; all together for ten times as long.
            let pause = Int32(deadline / .milliseconds(10))
            let response = try await proxy.client { client in
                for byte in head("GET", "http://o.example/", "X-Long: \(String(repeating: "a", count: 100))").utf8 {
                    if (try? client.send([byte])) == nil || client.hasAnswer(within: pause) { break }
                }
                return try client.readResponse()
            }
            #expect(response.status == 408)
            _ = try await proxy.settle()
        }
    }

    @Test("an origin that does not begin to answer is a 504") func firstByte() async throws {
        let over = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try over.wait()
        }
        let proxy = try await TestProxy.start { $0.timeouts.firstByte = .milliseconds(100) }
        let response = try await proxy.fetch(head("GET", origin.url()))
        over.open()
        #expect(response.status == 504)
        #expect(response.value("proxy-status")?.contains("error=http_response_timeout") == true)
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .relay, .timeout))
    }

    @Test("an origin that says that it works on the answer is given the time again") func interim() async throws {
        try await atPace(from: .seconds(2)) { deadline in
            let origin = try ScriptedOrigin { connection in
                _ = try connection.readRequest()
                // Time has to pass: together more than is given for an answer, each less.
                for _ in 0..<2 {
                    usleep(UInt32(deadline / .microseconds(1) * 0.6))
                    try connection.send("HTTP/1.1 102 Processing\r\n\r\n")
                }
                try connection.send(ok("done"))
            }
            let proxy = try await TestProxy.start { $0.timeouts.firstByte = deadline }
            let response = try await proxy.fetch(head("GET", origin.url()))
            guard response.status != 504 else { throw PeerFault.timedOut }
            #expect(response.status == 200 && response.interim.count == 2)
            _ = try await proxy.settle()
        }
    }

    @Test("a request body that stalls is a 408", arguments: [true, false])
    func slowBody(isChunked: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            guard let head = try connection.readHead() else { return }
            _ = try connection.readBody(of: head)
        }
        let proxy = try await TestProxy.start { $0.timeouts.requestBody = .milliseconds(100) }
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 1000"
        let response = try await proxy.fetch(head("POST", origin.url(), framing) + (isChunked ? "a\r\nhalf" : "half"))
        #expect(response.status == 408)
        #expect(try await proxy.settle()[0].ending == Ending(.client, .relay, .timeout))
    }

    @Test("a body that waits for a 100 of a silent origin is a 504: it is not the client that is slow")
    func silentOrigin() async throws {
        let origin = try ScriptedOrigin { connection in
            guard let head = try connection.readHead() else { return }
            _ = try connection.readBody(of: head)
        }
        let proxy = try await TestProxy.start { $0.timeouts.requestBody = .milliseconds(100) }
        let post = head("POST", origin.url(), "Content-Length: 10", "Expect: 100-continue")
        let response = try await proxy.fetch(post)
        #expect(response.status == 504)
        #expect(response.value("proxy-status")?.contains("error=http_response_timeout") == true)
        // What begins to come without waiting is a body that stalls.
        #expect(try await proxy.fetch(post + "half").status == 408)
        let endings = try await proxy.settle(2).map(\.ending)
        #expect(endings == [Ending(.upstream, .relay, .timeout), Ending(.client, .relay, .timeout)])
    }

    @Test("a request body without a least rate must come all the same") func anyByte() async throws {
        let origin = try ScriptedOrigin { connection in
            guard let head = try connection.readHead() else { return }
            _ = try connection.readBody(of: head)
        }
        let proxy = try await TestProxy.start {
            $0.timeouts.requestBody = .milliseconds(100)
            $0.limits.minimumBodyRate = 0
        }
        let response = try await proxy.fetch(head("POST", origin.url(), "Content-Length: 10") + "half")
        #expect(response.status == 408)
    }

    @Test("a response body that stalls is cut short") func slowResponse() async throws {
        let over = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            try over.wait()
        }
        let proxy = try await TestProxy.start { $0.timeouts.responseBody = .milliseconds(100) }
        let response = try await proxy.fetch(head("GET", origin.url()))
        over.open()
        #expect(!response.complete && response.text == "half")
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .relay, .timeout))
    }

    @Test("after an own answer it is read on for a while, then closed") func linger() async throws {
        let proxy = try await TestProxy.start { $0.timeouts.linger = .milliseconds(100) }
        try await proxy.client { client in
            let response = try client.exchange("nonsense\r\n\r\n")
            #expect(response.status == 400)
            #expect(client.isClosed())
            // The socket is still open at this end: only now, and not by a FIN of ours, does sending fail.
            #expect(client.failsToSend(within: Patience.limit))
        }
        #expect(try await proxy.settle()[0].ending == Ending(.client, .read, .fault))
    }
}

extension RawClient {
    /// Whether something can be read; what comes is kept nowhere, so only good for one look before `readResponse`.
    fileprivate func hasAnswer(within milliseconds: Int32) -> Bool {
        // A gate that nobody opens is a wait without a sleep.
        guard let (one, other) = try? PlainSocket.pair() else { return false }
        _ = other
        return one.isReadable(within: milliseconds)
    }

    /// Sends until the proxy has closed for good and answers by RST; in between it is silent for longer than the proxy listens.
    fileprivate func failsToSend(within limit: Duration) -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if (try? send("x")) == nil { return true }
            _ = hasAnswer(within: 400)
        }
        return false
    }
}
