import ApusFlow
import ApusTesting
import ApusWire
import Testing

@Suite("An exchange") struct ExchangeTests {
    @Test("a GET goes out, its answer comes back, and both connections serve another") func keepAlive() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .headBegan,
                .get, .sent(), .ok, .done,
                .get, .sent(reused: true), .okChunks, .done,
                .expired.closes(),
            ]
        ).run()
        #expect(exchange.phase == .closed)
    }

    @Test("the first head is awaited since accept, the next ones since their first byte") func headDeadline() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .headBegan, .get, .sent(), .ok, .done,
                .headBegan.gives(deadline: .head), .headBegan,
                .expired.refuses(.timeout(.requestHead)),
            ]
        ).run()
    }

    @Test("a connection whose first byte never comes is closed without an answer or a record") func silent() throws {
        try Playbook(HTTP1Connection(), [.expired.closes()]).run()
    }

    @Test("a pipelined request is read when the answer before it has been sent") func pipelining() throws {
        let exchange = try Playbook(HTTP1Connection(), [.get, .sent()]).run()
        try Playbook(exchange, [.ok, .done, .get, .sent(reused: true)]).run()
        // Who showed it sooner would mix two requests: nobody is served then.
        for early in [Move<HTTP1Connection>.get, .headBegan] {
            try Playbook(exchange, [early.refuses(.internalError(.requestHead), at: .relay)]).run()
        }
    }

    @Test("bytes behind a response keep the upstream connection out of the pool") func overrun() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .ok, .upstreamOverran,
                .responseBodyEnded.gives(client: .next, upstream: .close, deadline: .keepAlive, ending: .complete),
            ]
        ).run()
    }

    @Test(
        "a response without a body ends with its head",
        arguments: [
            ("HEAD", "HTTP/1.1 200 OK | Content-Length: 5"), ("GET", "HTTP/1.1 204 No Content"),
            ("GET", "HTTP/1.1 304 Not Modified | Content-Length: 5"), ("GET", "HTTP/1.1 200 OK | Content-Length: 0"),
            ("HEAD", "HTTP/1.1 200 OK | Transfer-Encoding: chunked"), ("HEAD", "HTTP/1.1 200 OK"),
        ]
    )
    func bodiless(_ method: String, _ response: String) throws {
        var exchange = try Playbook(
            HTTP1Connection(),
            [
                .requested("\(method) http://a.example/ HTTP/1.1", "Host: a").gives(upstream: .reach),
                .sent(),
            ]
        ).run()
        let facts = try response.facts(for: exchange)
        #expect(exchange.responded(facts) == Step(client: .forwardHead, deadline: .responseBody))
        #expect(exchange.responseBody == .none)
        try Playbook(exchange, [.done]).run()
    }

    @Test("a response that ends with its connection ends the client's as well") func untilClose() throws {
        let exchange = try Playbook(HTTP1Connection(), [.get, .sent(), .okUntilClose]).run()
        #expect(exchange.closesClient)
        try Playbook(
            exchange,
            [
                .upstreamEnded().gives(client: .linger, upstream: .close, deadline: .linger, ending: .complete),
                .clientEnded.gives(client: .flush, deadline: .flush),
            ]
        ).run()
    }

    @Test("an origin's Connection: close does not close the client's connection") func closingOrigin() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(),
                .responded("HTTP/1.1 200 OK", "Content-Length: 5", "Connection: close")
                    .gives(client: .forwardHead, deadline: .responseBody),
                .responseBodyEnded.gives(client: .next, upstream: .close, deadline: .keepAlive, ending: .complete),
            ]
        ).run()
    }

    @Test("a client's Connection: close closes its connection, not the origin's") func closingClient() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .requested("GET http://a.example/ HTTP/1.1", "Host: a.example", "Connection: close")
                    .gives(upstream: .reach),
                .sent(), .ok,
            ]
        ).run()
        #expect(exchange.closesClient)
        try Playbook(exchange, [.doneAndFinish, .expired.closes()]).run()
    }

    @Test("an HTTP/1.0 client's connection closes behind its response") func oldClient() throws {
        let exchange = try Playbook(HTTP1Connection(), [.oldGet, .sent(), .ok]).run()
        #expect(exchange.closesClient && !exchange.stripsCoding)
        try Playbook(exchange, [.doneAndFinish]).run()
    }

    @Test("chunks reach an HTTP/1.0 client without their coding, and a cut as a reset") func chunksToOldClient() throws
    {
        let exchange = try Playbook(HTTP1Connection(), [.oldGet, .sent(), .okChunks]).run()
        #expect(exchange.stripsCoding)
        try Playbook(exchange, [.doneAndFinish]).run()
        try Playbook(exchange, [.upstreamEnded().breaks(.response(.incompleteBody))]).run()
    }

    @Test("the answer to a CONNECT is a tunnel, and nothing of the exchange goes on") func connect() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .connect, .reached().gives(client: .establish, upstream: .tunnel, deadline: .tunnel),
                .clientEnded, .clientFailed, .upstreamEnded(), .drained,
            ]
        ).run()
        #expect(exchange.phase == .tunnel)
        #expect(exchange.status == 200)
    }

    @Test("a 101 that was asked for makes a tunnel") func switching() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .upgrade, .sent(),
                .responded("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: websocket")
                    .gives(client: .forwardHead, upstream: .tunnel, deadline: .tunnel),
            ]
        ).run()
        #expect(exchange.phase == .tunnel)
        #expect(exchange.status == 101)
    }

    @Test("an upgrade that the origin passes over is an exchange like others") func declinedUpgrade() throws {
        try Playbook(HTTP1Connection(), [.upgrade, .sent(), .ok, .done]).run()
    }

    @Test("a 101 that was not asked for, or to another protocol, is a 502") func refusedSwitch() throws {
        let wrong = Move<HTTP1Connection>.responded("HTTP/1.1 101 Switching Protocols", "Upgrade: other")
        let fault = Fault.response(.unrequestedUpgrade)
        try Playbook(HTTP1Connection(), [.get, .sent(), wrong.refuses(fault)]).run()
        try Playbook(HTTP1Connection(), [.upgrade, .sent(), wrong.refuses(fault)]).run()
        #expect(fault.status == 502)
    }

    @Test("a 101 before the request is whole is a 502") func earlySwitch() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .requested(
                    "POST http://a.example/ HTTP/1.1",
                    "Host: a.example",
                    "Content-Length: 3",
                    "Connection: upgrade",
                    "Upgrade: websocket"
                ).gives(upstream: .reach),
                .sentHead(),
                .responded("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: websocket")
                    .refuses(.response(.unrequestedUpgrade), upstream: .reset),
            ]
        ).run()
    }

    @Test("interim responses pass as they come, and the final one ends them") func interim() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(),
                .responded("HTTP/1.1 103 Early Hints", "Link: </a.css>")
                    .gives(client: .forwardInterim, deadline: .firstByte),
                .responded("HTTP/1.1 102 Processing").gives(client: .forwardInterim, deadline: .firstByte),
            ]
        ).run()
        #expect(!exchange.isAnswered && exchange.status == 0)
        try Playbook(exchange, [.ok, .done]).run()
    }

    @Test("interim responses are dropped for an HTTP/1.0 client") func interimToOldClient() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .oldGet, .sent(), .responded("HTTP/1.1 103 Early Hints").gives(deadline: .firstByte), .ok,
                .doneAndFinish,
            ]
        ).run()
    }

    @Test("it and its phase, its flags and its deadline stay small") func size() {
        #expect(MemoryLayout<Exchange>.size <= 128)
        #expect(MemoryLayout<Step>.size <= 32)
    }
}

extension String {
    /// The facts of a head whose lines are separated by ` | `.
    func facts(for exchange: HTTP1Connection) throws -> ResponseProperties {
        let bytes = Array((replacing(" | ", with: "\r\n") + "\r\n\r\n").utf8)
        var fields = FieldTable()
        guard case .complete(let head) = ResponseParser.parse(bytes.span, limits: .response, fields: &fields) else {
            throw PeerFault.malformed(self)
        }
        return try ResponseProperties.judge(
            bytes.span,
            head,
            fields,
            method: exchange.method,
            upgrade: exchange.upgrade
        )
    }
}
