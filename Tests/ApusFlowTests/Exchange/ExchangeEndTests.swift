import ApusFlow
import ApusPolicy
import ApusTesting
import ApusWire
import Testing

@Suite("An exchange that a side leaves") struct ExchangeEndTests {
    @Test("an upstream that ends or breaks before it has answered is a 502") func upstreamBeforeAnswer() throws {
        try Playbook(HTTP1Connection(), [.get, .sent(), .upstreamEnded().refuses(.response(.noResponse))]).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .upstreamEnded(partialHead: true).refuses(.response(.incompleteHead)),
            ]
        ).run()
        try Playbook(HTTP1Connection(), [.get, .sent(), .upstreamFailed().refuses(.terminated)]).run()
        try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(), .upstreamFailed().refuses(.terminated, upstream: .reset),
            ]
        ).run()
    }

    @Test("an upstream that ends or breaks within its answer leaves the client's short of its length or last chunk")
    func upstreamInAnswer() throws {
        for head in [Move<HTTP1Connection>.ok, .okChunks] {
            try Playbook(
                HTTP1Connection(),
                [
                    .get, .sent(), head, .upstreamEnded().cuts(.response(.incompleteBody)), .clientDrained.closes(),
                ]
            ).run()
            try Playbook(HTTP1Connection(), [.get, .sent(), head, .upstreamFailed().cuts(.terminated)]).run()
            try Playbook(
                HTTP1Connection(),
                [
                    .get, .sent(), head, .responseFaulted(.malformedChunk).cuts(.response(.malformedChunk)),
                ]
            ).run()
        }
    }

    @Test("a close-delimited answer that breaks becomes a reset of the client") func brokenUntilClose() throws {
        try Playbook(HTTP1Connection(), [.get, .sent(), .okUntilClose, .upstreamFailed().breaks(.terminated)]).run()
    }

    @Test("a faulty response head is a 502") func faultyHead() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(),
                .responded("HTTP/1.1 200 OK", "Content-Length: 1", "Content-Length: 2")
                    .refuses(.response(.differingContentLengths)),
            ]
        ).run()
    }

    @Test("a client's FIN between requests ends its connection, without a record") func clientLeaves() throws {
        try Playbook(HTTP1Connection(), [.clientEnded.closes()]).run()
        try Playbook(HTTP1Connection(), [.get, .sent(), .ok, .done, .clientEnded.closes()]).run()
        try Playbook(HTTP1Connection(), [.clientFailed.closes()]).run()
    }

    @Test("a client that leaves within a head leaves a record") func clientLeavesInHead() throws {
        try Playbook(HTTP1Connection(), [.headBegan, .clientEnded.closes(ending: Ending(.client, .read, .closed))])
            .run()
        try Playbook(HTTP1Connection(), [.headBegan, .clientFailed.closes(ending: Ending(.client, .read, .reset))])
            .run()
    }

    @Test("a client's FIN behind its request is a half-close: the answer is sent, then the connection closes")
    func halfClose() throws {
        let close = Move<HTTP1Connection>.responseBodyEnded
            .gives(client: .flush, upstream: .pool, deadline: .flush, ending: .complete)
        let ok = Move<HTTP1Connection>.responded("HTTP/1.1 200 OK", "Content-Length: 5")
            .gives(client: .forwardHead, deadline: .responseBody)
        let sent = Move<HTTP1Connection>.reached().gives(upstream: .sendHead, deadline: .clientEnded)
        let early = try Playbook(HTTP1Connection(), [.get, .clientEnded, sent, ok]).run()
        #expect(early.closesClient)
        try Playbook(early, [close, .clientDrained.closes()]).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .clientEnded.gives(deadline: .clientEnded), ok, close, .clientDrained.closes(),
            ]
        ).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .ok, .clientEnded, .clientEnded, close,
            ]
        ).run()
    }

    @Test(
        "a half-closed client's time is that of the first byte alone: from the later of FIN and the request's sending"
    )
    func halfClosedTime() throws {
        let interim = Move<HTTP1Connection>.responded("HTTP/1.1 103 Early Hints")
        let told = interim.gives(client: .forwardInterim, deadline: .firstByte)
        let late = Move<HTTP1Connection>.expired.gives(
            client: .flush,
            upstream: .close,
            deadline: .flush,
            answer: .fault(.timeout(.response)),
            ending: Ending(.upstream, .relay, .timeout),
            fault: .timeout(.response)
        )
        // An origin that has said anything is given the time that others are, and is the one to blame then.
        try Playbook(HTTP1Connection(), [.get, .sent(), .clientEnded.gives(deadline: .clientEnded), told, late]).run()
        try Playbook(HTTP1Connection(), [.get, .sent(), told, .clientEnded, late]).run()
    }

    @Test("a half-closed client is answered by the proxy, and closed when it has all") func halfCloseRefused() throws {
        let fault = Fault.lookUp(.notFound)
        try Playbook(
            HTTP1Connection(),
            [
                .get, .clientEnded,
                .refused(fault).gives(
                    client: .flush,
                    upstream: .close,
                    deadline: .flush,
                    answer: .fault(fault),
                    ending: fault.ending,
                    fault: fault
                ),
                .clientDrained.closes(),
            ]
        ).run()
    }

    @Test("a client's FIN within its request body abandons the request upstream") func clientLeavesInBody() throws {
        let ending = Ending(.client, .relay, .closed)
        try Playbook(HTTP1Connection(), [.post, .sentHead(), .clientEnded.closes(upstream: .reset, ending: ending)])
            .run()
        try Playbook(
            HTTP1Connection(),
            [
                .post, .clientEnded.closes(upstream: .reset, ending: Ending(.client, .reach, .closed)),
            ]
        ).run()
    }

    @Test("a client's FIN behind an early answer waits for the rest of it") func clientLeavesAfterEarly() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(),
                .responded("HTTP/1.1 413 Content Too Large", "Content-Length: 5")
                    .gives(client: .forwardHead, upstream: .stopBody, deadline: .responseBody),
                .clientEnded,
                .responseBodyEnded.gives(client: .flush, upstream: .reset, deadline: .flush, ending: .complete),
            ]
        ).run()
    }

    @Test("a client's reset aborts the exchange upstream, at each point") func clientBreaks() throws {
        let relay = Ending(.client, .relay, .reset)
        try Playbook(
            HTTP1Connection(),
            [
                .get, .clientFailed.closes(upstream: .reset, ending: Ending(.client, .reach, .reset)),
            ]
        ).run()
        try Playbook(HTTP1Connection(), [.get, .sent(), .clientFailed.closes(upstream: .reset, ending: relay)]).run()
        try Playbook(HTTP1Connection(), [.get, .sent(), .ok, .clientFailed.closes(upstream: .reset, ending: relay)])
            .run()
        try Playbook(HTTP1Connection(), [.post, .sentHead(), .clientFailed.closes(upstream: .reset, ending: relay)])
            .run()
    }

    @Test("a client that closes while it lingers gets what still waits for it") func lingering() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .refused(.help).gives(
                    client: .linger,
                    upstream: .close,
                    deadline: .linger,
                    answer: .help,
                    ending: .complete
                ),
                .clientDrained.gives(client: .givesWay, deadline: .linger),
                .clientEnded.gives(client: .flush, deadline: .flush),
                .clientDrained.closes(),
            ]
        ).run()
    }
}

@Suite("An exchange that the proxy refuses or ends") struct ExchangeRefusalTests {
    @Test("what is refused while it is reached is answered, with the refusal in its record") func refused() throws {
        for fault in [
            Fault.refused(.connectPort), .refused(.loopback), .lookUp(.notFound), .dial(.refused),
            .refused(.policyTimeout),
        ] {
            try Playbook(HTTP1Connection(), [.get, .refused(fault).refuses(fault), .expired.closes()]).run()
        }
    }

    @Test(
        "a client that is asked for credentials may send the request again at once, unless the connection ends anyway"
    )
    func challenged() throws {
        let fault = Fault.refused(.credentialsMissing)
        let asked = Move<HTTP1Connection>.challenged(fault).gives(
            client: .next,
            upstream: .close,
            deadline: .keepAlive,
            answer: .fault(fault),
            ending: fault.ending,
            fault: fault
        )
        try Playbook(HTTP1Connection(), [.get, asked, .get, asked, .get, .sent(), .ok, .done]).run()
        // Its body would have to be read first; an HTTP/1.0 client closes; what lies behind a CONNECT or an Upgrade may be no request;
        // and who has sent FIN asks no more.
        let h2c = Move<HTTP1Connection>.requested(
            "GET http://a.example/ HTTP/1.1",
            "Host: a.example",
            "Connection: upgrade",
            "Upgrade: h2c"
        ).gives(upstream: .reach)
        for opening in [Move<HTTP1Connection>.post, .postChunks, .oldGet, .connect, .upgrade, h2c] {
            try Playbook(HTTP1Connection(), [opening, .challenged(fault).refuses(fault), .expired.closes()]).run()
        }
        for end in [Move<HTTP1Connection>.clientEnded, .drained] {
            var exchange = try Playbook(HTTP1Connection(), [.get]).run()
            _ = end.apply(&exchange)
            let step = exchange.challenged(.fault(fault))
            #expect(step.answer != nil && exchange.phase == (exchange.hasEndedClient ? .flushing : .lingering))
        }
    }

    @Test("a faulty head is answered, also behind a request that was served") func faultyHead() throws {
        let faulty = Move<HTTP1Connection>.requested("GET http://a.example/ HTTP/1.1").refuses(.request(.missingHost))
        try Playbook(HTTP1Connection(), [faulty]).run()
        let head = Move<HTTP1Connection>.requested("HEAD http://a.example/ HTTP/1.1", "Host: a.example")
            .gives(upstream: .reach)
        let exchange = try Playbook(HTTP1Connection(), [head, .sent(), .ok, .done, faulty]).run()
        // The answer has a body although the request before was a HEAD.
        #expect(exchange.method == .other)
        #expect(exchange.status == 400)
    }

    @Test("a head that does not end behind a request that was served is a 408") func slowHead() throws {
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .ok, .done, .headBegan.gives(deadline: .head), .expired.refuses(.timeout(.requestHead)),
            ]
        ).run()
        #expect(exchange.status == 408)
    }

    @Test("a request that bears the own pseudonym is a loop") func loop() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .requested("GET http://a.example/ HTTP/1.1", "Host: a.example", "Via: 1.1 other, 1.1 apus-test")
                    .refuses(.loop)
            ]
        ).run()
    }

    @Test("TRACE and OPTIONS end here when Max-Forwards is 0, and only they") func maxForwards() throws {
        func request(_ method: String, _ hops: String) -> Move<HTTP1Connection> {
            .requested("\(method) http://a.example/ HTTP/1.1", "Host: a.example", "Max-Forwards: \(hops)")
        }
        try Playbook(
            HTTP1Connection(),
            [
                request("TRACE", "0").gives(
                    client: .linger,
                    upstream: .close,
                    deadline: .linger,
                    answer: .trace,
                    ending: .complete
                )
            ]
        ).run()
        try Playbook(
            HTTP1Connection(),
            [
                request("OPTIONS", "0").gives(
                    client: .linger,
                    upstream: .close,
                    deadline: .linger,
                    answer: .options,
                    ending: .complete
                )
            ]
        ).run()
        for others in [request("TRACE", "1"), request("OPTIONS", "7"), request("GET", "0")] {
            try Playbook(HTTP1Connection(), [others.gives(upstream: .reach)]).run()
        }
        try Playbook(HTTP1Connection(), [request("TRACE", "x").refuses(.request(.malformedMaxForwards))]).run()
    }

    @Test("draining closes idle connections, and others behind their response") func draining() throws {
        let linger = Move<HTTP1Connection>.drained.gives(client: .linger, deadline: .linger)
        try Playbook(HTTP1Connection(), [linger]).run()
        try Playbook(HTTP1Connection(), [.get, .sent(), .ok, .done, linger]).run()
        try Playbook(HTTP1Connection(), [.get, .drained, .sent(), .ok, .doneAndLinger()]).run()
        try Playbook(HTTP1Connection(), [.headBegan, .drained, .get, .sent(), .ok, .doneAndLinger()]).run()
        // The head has already promised that the connection goes on.
        try Playbook(HTTP1Connection(), [.get, .sent(), .ok, .drained, .doneAndLinger()]).run()
        try Playbook(HTTP1Connection(draining: true), [.get, .sent(), .ok, .doneAndLinger()]).run()
    }

    @Test("a stop resets both connections, and a request that runs leaves its record") func stopping() throws {
        let record = Ending(.proxy, .relay, .stopped)
        let opening = Move<HTTP1Connection>.accepted.gives(deadline: .head)
        let stories: [(moves: [Move<HTTP1Connection>], isRunning: Bool)] = [
            ([opening], false), ([opening, .headBegan], false), ([.get], true), ([.post, .sentHead()], true),
            ([.get, .sent(), .ok], true), ([.get, .sent(), .ok, .done], false),
            ([.oldGet, .sent(), .ok, .doneAndFinish], false),
        ]
        for (moves, isRunning) in stories {
            let stop = Move<HTTP1Connection>.stopped
                .gives(
                    client: .reset,
                    upstream: isRunning ? .reset : .none,
                    deadline: .none,
                    ending: isRunning ? record : nil
                )
            // Only the first stop finds a connection.
            try Playbook(HTTP1Connection(), moves + [stop, .stopped]).run()
        }
    }
}

@Suite("An exchange and its deadlines") struct ExchangeTimeTests {
    @Test("no connection in time is a 504") func reach() throws {
        try Playbook(HTTP1Connection(), [.get, .expired.gives(upstream: .giveUp)]).run()
    }

    @Test("a request body that does not come is a 408, one that the origin does not take a 504") func requestBody()
        throws
    {
        try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(), .expired.refuses(.timeout(.requestBody), upstream: .reset),
            ]
        ).run()
        try Playbook(
            HTTP1Connection(),
            [
                .post, .sentHead(), .expired(stalled: .upstream).refuses(.timeout(.requestWrite), upstream: .reset),
            ]
        ).run()
        #expect(Fault.timeout(.requestBody).status == 408)
        #expect(Fault.timeout(.requestWrite).status == 504)
    }

    @Test("a body that waits for a 100 which does not come is a 504, and no longer once it comes or the 100")
    func expected()
        throws
    {
        let opening: [Move<HTTP1Connection>] = [.expectingPost, .sentHead()]
        try Playbook(HTTP1Connection(), opening + [.expired.refuses(.timeout(.response), upstream: .reset)]).run()
        let hints = Move<HTTP1Connection>.responded("HTTP/1.1 103 Early Hints").gives(client: .forwardInterim)
        try Playbook(HTTP1Connection(), opening + [hints, .expired.refuses(.timeout(.response), upstream: .reset)])
            .run()
        let late = Move<HTTP1Connection>.expired.refuses(.timeout(.requestBody), upstream: .reset)
        // A byte that came says that the client does not wait, though it is too slow.
        let slow = Move<HTTP1Connection>.expired(came: 1, times: .sample)
        try Playbook(HTTP1Connection(), opening + [slow.refuses(.timeout(.requestBody), upstream: .reset)]).run()
        let go = Move<HTTP1Connection>.responded("HTTP/1.1 100 Continue").gives(client: .forwardInterim)
        try Playbook(HTTP1Connection(), opening + [go, late]).run()
        let stuck = Move<HTTP1Connection>.expired(stalled: .upstream)
        try Playbook(HTTP1Connection(), opening + [stuck.refuses(.timeout(.requestWrite), upstream: .reset)]).run()
    }

    @Test("a request body goes on that comes at its rate, or whose origin or limit is what slows it") func bodyRate()
        throws
    {
        let opening: [Move<HTTP1Connection>] = [.expectingPost, .sentHead()]
        let goesOn: [Move<HTTP1Connection>] = [
            .expired(came: 14_400, times: .sample), .expired(stalled: .upstream, came: 1, times: .sample),
        ]
        for move in goesOn {
            let late = Move<HTTP1Connection>.expired(came: 14_399, times: .sample)
            let moves = [move.gives(deadline: .requestBody), late.refuses(.timeout(.requestBody), upstream: .reset)]
            try Playbook(HTTP1Connection(), opening + moves).run()
        }
        var progress = TransferProgress()
        progress.isLimited = true
        progress.came = 1
        let limited = Move<HTTP1Connection>.expired(progress, .sample).gives(deadline: .requestBody)
        progress.came = 0
        let silent = Move<HTTP1Connection>.expired(progress, .sample)
        try Playbook(
            HTTP1Connection(),
            opening + [limited, silent.refuses(.timeout(.requestBody), upstream: .reset)]
        ).run()
    }

    @Test("an answer's time counts from its last byte either way, or from what a slow client took") func counting()
        throws
    {
        let opening: [Move<HTTP1Connection>] = [.get, .sent(), .ok]
        let passing: [Move<HTTP1Connection>] = [
            // It is looked at again within the time of a stall, for a client that stops reading.
            .expired(idle: 1, times: .sample).gives(deadline: .responseBody).lasts(20),
            .expired(idle: 69, times: .sample).gives(deadline: .responseBody).lasts(1),
            .expired(stalled: .client, idle: 19, times: .sample).gives(deadline: .responseBody).lasts(1),
        ]
        let fault = Fault.timeout(.responseBody)
        let late = Move<HTTP1Connection>.expired(idle: 70, times: .sample).cuts(fault, upstream: .reset)
        try Playbook(HTTP1Connection(), opening + passing + [late]).run()
        var progress = TransferProgress()
        progress.upstreamIdle = 69
        let fromOrigin = Move<HTTP1Connection>.expired(progress, .sample).gives(deadline: .responseBody).lasts(1)
        try Playbook(HTTP1Connection(), opening + [fromOrigin]).run()
    }

    @Test("a half-closed client's time counts in the same way; that of a first byte does not") func firstByteTime()
        throws
    {
        let half = Move<HTTP1Connection>.clientEnded.gives(deadline: .clientEnded)
        let passing = Move<HTTP1Connection>.expired(idle: 29, times: .sample).gives(deadline: .clientEnded).lasts(1)
        try Playbook(HTTP1Connection(), [.get, .sent(), half, passing]).run()
        let late = Move<HTTP1Connection>.expired(idle: 0, times: .sample).refuses(.timeout(.response))
        try Playbook(HTTP1Connection(), [.get, .sent(), late]).run()
    }

    @Test("no time passes while it is this proxy that lets nothing pass") func held() throws {
        var progress = TransferProgress()
        progress.isHeld = true
        progress.isLimited = true
        let held = Move<HTTP1Connection>.expired(progress, DeadlineTimes())
        let stories: [([Move<HTTP1Connection>], Deadline)] = [
            ([.post, .sentHead()], .requestBody), ([.get, .sent()], .firstByte), ([.get, .sent(), .ok], .responseBody),
            ([.get, .sent(), .clientEnded.gives(deadline: .clientEnded)], .clientEnded),
        ]
        for (moves, deadline) in stories {
            try Playbook(HTTP1Connection(), moves + [held.gives(deadline: deadline)]).run()
        }
        // On the way to the origin nothing is relayed.
        try Playbook(HTTP1Connection(), [.get, held.gives(upstream: .giveUp)]).run()
    }

    @Test("no answer in time is a 504") func firstByte() throws {
        try Playbook(HTTP1Connection(), [.get, .sent(), .expired.refuses(.timeout(.response))]).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .expired(stalled: .upstream).refuses(.timeout(.requestWrite)),
            ]
        ).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .clientEnded.gives(deadline: .clientEnded),
                .expired.gives(
                    client: .flush,
                    upstream: .close,
                    deadline: .flush,
                    answer: .fault(.timeout(.halfClosedClient)),
                    ending: Ending(.client, .relay, .timeout),
                    fault: .timeout(.halfClosedClient)
                ),
            ]
        ).run()
    }

    @Test("an answer that stops is cut short") func responseBody() throws {
        let fault = Fault.timeout(.responseBody)
        try Playbook(HTTP1Connection(), [.get, .sent(), .ok, .expired.cuts(fault, upstream: .reset)]).run()
        try Playbook(HTTP1Connection(), [.get, .sent(), .okUntilClose, .expired.breaks(fault, upstream: .reset)]).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .ok, .clientEnded, .expired.cuts(fault, upstream: .reset),
            ]
        ).run()
    }

    @Test("a client that does not take its answer is to blame, and reset") func stalledClient() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .ok,
                .expired(stalled: .client).gives(
                    client: .reset,
                    upstream: .reset,
                    deadline: .none,
                    ending: Ending(.client, .relay, .timeout)
                ),
            ]
        ).run()
    }

    @Test("a client that does not take the rest is reset") func flush() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(), .ok, .upstreamEnded().cuts(.response(.incompleteBody)),
                .expired.gives(client: .reset, deadline: .none),
            ]
        ).run()
    }

    @Test("a client that does not close is closed") func linger() throws {
        try Playbook(HTTP1Connection(), [.oldGet, .sent(), .ok, .doneAndFinish, .expired.closes()]).run()
    }
}
