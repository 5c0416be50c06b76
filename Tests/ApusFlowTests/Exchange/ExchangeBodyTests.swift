import ApusFlow
import ApusTesting
import ApusWire
import Testing

@Suite("An exchange with a request body") struct ExchangeBodyTests {
    @Test("its first byte of answer is awaited once the body is through") func length() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(), .requestBodyEnded.gives(deadline: .firstByte), .requestBodyEnded, .ok, .done,
            ]
        ).run()
    }

    @Test("chunks are shown to the decoder until their end") func chunked() throws {
        let before = try Playbook(HTTP1Connection(), [.postChunks]).run()
        #expect(!before.awaitsRequestChunks)
        let during = try Playbook(before, [.sentHead()]).run()
        #expect(during.awaitsRequestChunks)
        let after = try Playbook(during, [.requestBodyEnded.gives(deadline: .firstByte)]).run()
        #expect(!after.awaitsRequestChunks)
        try Playbook(after, [.ok, .done]).run()
    }

    @Test("a 100 (Continue) passes, and then the body") func expectation() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .requested(
                    "PUT http://a.example/ HTTP/1.1",
                    "Host: a.example",
                    "Content-Length: 3",
                    "Expect: 100-continue"
                )
                .gives(upstream: .reach),
                .sentHead(),
                .responded("HTTP/1.1 100 Continue").gives(client: .forwardInterim),
                .requestBodyEnded.gives(deadline: .firstByte), .ok, .done,
            ]
        ).run()
    }

    @Test("an early 413 stops the body; neither connection serves another request") func earlyRefusal() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .postChunks, .sentHead(),
                .responded("HTTP/1.1 413 Content Too Large", "Content-Length: 5")
                    .gives(client: .forwardHead, upstream: .stopBody, deadline: .responseBody),
            ]
        ).run()
        #expect(exchange.closesClient && exchange.hasAbandonedRequest && !exchange.awaitsRequestChunks)
        try Playbook(exchange, [.doneAndLinger(upstream: .reset), .clientFailed.closes()]).run()
    }

    @Test(
        "an early 200 lets the body go on, whatever becomes of the connection",
        arguments: [("Content-Length: 5", true), ("Content-Length: 5 | Connection: close", false), ("X: y", false)]
    )
    func earlySuccess(_ fields: String, _ stays: Bool) throws {
        var exchange = try Playbook(HTTP1Connection(), [.postChunks, .sentHead()]).run()
        let step = exchange.responded(try "HTTP/1.1 200 OK | \(fields)".facts(for: exchange))
        #expect(step == Step(client: .forwardHead, deadline: .responseBody))
        #expect(exchange.closesClient && exchange.awaitsRequestChunks)
        try Playbook(exchange, [.requestBodyEnded.gives(deadline: .responseBody), .doneAndLinger(upstream: .close)])
            .run()
        if !stays { try Playbook(exchange, [.doneAndLinger(upstream: .reset)]).run() }
    }

    @Test("behind an early 200 that is over the origin is sent the rest, and the client has FIN") func readsOn() throws
    {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(), .ok,
                .responseBodyEnded.gives(client: .shutdown, deadline: .requestBody),
            ]
        ).run()
        #expect(exchange.hasResponded && exchange.isRunning)
        func over(_ upstream: Step.UpstreamAction) -> Step {
            var step = Step(client: .linger, upstream: upstream, deadline: .linger)
            step.ending = .complete
            return step
        }
        var whole = exchange
        #expect(whole.requestBodyEnded() == over(.close))
        var overrun = exchange
        overrun.upstreamOverran()
        #expect(overrun.requestBodyEnded() == over(.close))
        // The origin may still lose interest; its answer was whole.
        var ended = exchange
        #expect(ended.upstreamEnded(partialHead: false) == over(.reset))
        var failed = exchange
        #expect(failed.upstreamFailed(.terminated, partialHead: false) == over(.reset))
        var gone = exchange
        #expect(gone.clientEnded().ending == Ending(.client, .relay, .closed))
        var silent = exchange
        #expect(silent.expired(TransferProgress(), DeadlineTimes()).fault == .timeout(.requestBody))
    }

    @Test("a client that waits for a 100 sends no body behind a final answer") func finalForExpect() throws {
        let put = Move<HTTP1Connection>.requested(
            "PUT http://a.example/ HTTP/1.1",
            "Host: a.example",
            "Content-Length: 3",
            "Expect: 100-continue"
        ).gives(upstream: .reach)
        try Playbook(HTTP1Connection(), [put, .sentHead(), .ok, .doneAndLinger(upstream: .reset)]).run()
    }

    @Test(
        "an answer without the 100 that was asked for leaves the origin's connection to nobody",
        arguments: [true, false]
    )
    func uncontinued(isContinued: Bool) throws {
        let continued = Move<HTTP1Connection>.responded("HTTP/1.1 100 Continue").gives(client: .forwardInterim)
        try Playbook(
            HTTP1Connection(),
            [.expectingPost, .sentHead()] + (isContinued ? [continued] : []) + [
                .requestBodyEnded.gives(deadline: .firstByte), .ok,
                .responseBodyEnded.gives(
                    client: .next,
                    upstream: isContinued ? .pool : .close,
                    deadline: .keepAlive,
                    ending: .complete
                ),
            ]
        ).run()
    }

    @Test("an answer that comes while a part of the request waits to leave leaves the connection to nobody")
    func waiting() throws {
        for opening in [
            [Move<HTTP1Connection>.get, .sent()], [.post, .sentHead(), .requestBodyEnded.gives(deadline: .firstByte)],
        ] {
            var exchange = try Playbook(HTTP1Connection(), opening).run()
            let facts = try "HTTP/1.1 200 OK | Content-Length: 5".facts(for: exchange)
            #expect(exchange.responded(facts, requestWaits: true).client == .forwardHead)
            #expect(exchange.responseBodyEnded().upstream == .close)
        }
    }

    @Test("an HTTP/1.0 origin that answers before it has read the body is still sent it") func oldOrigin() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(),
                .responded("HTTP/1.0 200 OK", "Content-Length: 5").gives(client: .forwardHead, deadline: .responseBody),
            ]
        ).run()
        #expect(!exchange.hasAbandonedRequest)
    }

    @Test("an error behind a whole request body leaves the client's connection open") func lateRefusal() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(), .requestBodyEnded.gives(deadline: .firstByte),
                .responded("HTTP/1.1 413 Content Too Large", "Content-Length: 5")
                    .gives(client: .forwardHead, deadline: .responseBody),
                .done,
            ]
        ).run()
    }

    @Test("a fault in the body is answered while nothing has been sent, and resets the origin") func faulty() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .postChunks, .sentHead(),
                .refused(.request(.malformedChunk)).refuses(.request(.malformedChunk), upstream: .reset, at: .relay),
            ]
        ).run()
    }

    @Test("a fault in the body behind a part of the answer cuts the answer short") func faultyBehindAnswer() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .postChunks, .sentHead(), .ok,
                .refused(.request(.malformedChunk)).cuts(.request(.malformedChunk), upstream: .reset),
            ]
        ).run()
    }
}
