import ApusFlow
import ApusTesting
import ApusWire
import Testing

@Suite("An exchange on a stale pooled connection") struct ExchangeRetryTests {
    private static let ends: [Move<HTTP1Connection>] = [.upstreamEnded(), .upstreamFailed()]

    @Test("is tried again on a fresh one, once", arguments: 0..<2) func once(_ end: Int) throws {
        let ends = ExchangeRetryTests.ends[end]
        let exchange = try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(reused: true), ends.gives(upstream: .reachFresh),
            ]
        ).run()
        #expect(exchange.phase == .reaching)
        #expect(!exchange.isRetriable && !exchange.isReused)
        let fault = end == 0 ? Fault.response(.noResponse) : .terminated
        try Playbook(exchange, [.sent(), ends.refuses(fault)]).run()
        try Playbook(exchange, [.sent(reused: true), ends.refuses(fault)]).run()
        try Playbook(exchange, [.sent(), .ok, .done]).run()
    }

    @Test("the next request may be tried again as well") func eachRequest() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(reused: true), .upstreamEnded().gives(upstream: .reachFresh),
                .sent(), .ok, .done,
                .get, .sent(reused: true), .upstreamEnded().gives(upstream: .reachFresh),
            ]
        ).run()
    }

    @Test(
        "only what may be repeated without harm",
        arguments: [
            ("GET", true), ("HEAD", true), ("PUT", true), ("DELETE", true), ("OPTIONS", true), ("TRACE", true),
            ("POST", false), ("PATCH", false), ("LOCK", false),
        ]
    )
    func methods(_ method: String, _ retries: Bool) throws {
        let end = Move<HTTP1Connection>.upstreamEnded()
        try Playbook(
            HTTP1Connection(),
            [
                .requested("\(method) http://a.example/ HTTP/1.1", "Host: a.example")
                    .gives(upstream: .reach),
                .sent(reused: true),
                retries ? end.gives(upstream: .reachFresh) : end.refuses(.response(.noResponse)),
            ]
        ).run()
    }

    @Test("not with a body, not on a fresh connection") func notRetried() throws {
        let put = Move<HTTP1Connection>.requested(
            "PUT http://a.example/ HTTP/1.1",
            "Host: a.example",
            "Content-Length: 3"
        )
        .gives(upstream: .reach)
        let fault = Fault.response(.noResponse)
        try Playbook(
            HTTP1Connection(),
            [put, .sentHead(reused: true), .upstreamEnded().refuses(fault, upstream: .reset)]
        )
        .run()
        try Playbook(HTTP1Connection(), [.get, .sent(), .upstreamEnded().refuses(fault)]).run()
    }

    @Test("a request that asks for an upgrade as well, and the answer may switch then") func upgrade() throws {
        let again = Move<HTTP1Connection>.upstreamEnded().gives(upstream: .reachFresh)
        let exchange = try Playbook(HTTP1Connection(), [.upgrade, .sent(reused: true), again, .sent()]).run()
        #expect(!exchange.isUnheard && exchange.upgrade.count == 1)
        try Playbook(exchange, [.ok, .done]).run()
    }

    @Test("is unheard until a byte of the answer, interim ones included") func unheard() throws {
        let get = try Playbook(HTTP1Connection(), [.get, .sent(reused: true)]).run()
        #expect(get.isUnheard)
        #expect(try !Playbook(get, [.ok]).run().isUnheard)
        #expect(try !Playbook(HTTP1Connection(), [.get, .sent()]).run().isUnheard)
    }

    @Test("not with credentials that are for the connection") func bound() throws {
        let get = Move<HTTP1Connection>.requested(
            "GET http://a.example/ HTTP/1.1",
            "Host: a.example",
            "Authorization: NTLM TlRM"
        )
        .gives(upstream: .reach)
        let exchange = try Playbook(HTTP1Connection(), [get]).run()
        #expect(exchange.wantsOwnConnection && !exchange.isRetriable)
        let fault = Fault.response(.noResponse)
        try Playbook(exchange, [.sent(reused: true), .upstreamEnded().refuses(fault)]).run()
        // The next request is bound only where it goes by the connection that is kept.
        let kept = try Playbook(
            exchange,
            [
                .sent(), .ok,
                .responseBodyEnded.gives(client: .next, upstream: .keep, deadline: .keepAlive, ending: .complete),
            ]
        ).run()
        try Playbook(kept, [.get, .bind, .sent(reused: true), .upstreamEnded().refuses(fault)]).run()
        try Playbook(
            kept,
            [
                .get, .sent(reused: true), .upstreamEnded().gives(upstream: .reachFresh),
            ]
        ).run()
    }

    @Test("what goes by the connection that is kept for its client keeps it, without any credentials") func kept()
        throws
    {
        let over = Move<HTTP1Connection>.responseBodyEnded
            .gives(client: .next, upstream: .keep, deadline: .keepAlive, ending: .complete)
        let post = Move<HTTP1Connection>.post
        try Playbook(
            HTTP1Connection(),
            [.bind, .get, .bind, .sent(reused: true), .ok, over, .get, .sent(), .ok, .done]
        ).run()
        let answered = try Playbook(HTTP1Connection(), [post, .bind, .sentHead(reused: true)]).run()
        #expect(answered.wantsOwnConnection && !answered.isRetriable)
        // An early answer, bytes behind one, a client that goes: nothing is kept.
        try Playbook(
            HTTP1Connection(),
            [
                .get, .bind, .sent(reused: true), .ok, .clientEnded,
                .responseBodyEnded.gives(client: .flush, upstream: .close, deadline: .flush, ending: .complete),
            ]
        ).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .bind, .sent(reused: true), .ok, .upstreamOverran,
                .responseBodyEnded.gives(client: .next, upstream: .close, deadline: .keepAlive, ending: .complete),
            ]
        ).run()
    }

    @Test(
        "a connection is kept for nobody who forwards the requests of others",
        arguments: ["Authorization: NTLM x", "X: y"]
    )
    func forwarded(_ field: String) throws {
        let get = Move<HTTP1Connection>.requested(
            "GET http://a.example/ HTTP/1.1",
            "Host: a.example",
            "Via: 1.1 child",
            field
        )
        .gives(upstream: .reach)
        let refused = Move<HTTP1Connection>.responded(
            "HTTP/1.1 401 Unauthorized",
            "Content-Length: 5",
            "WWW-Authenticate: NTLM"
        )
        .gives(client: .forwardHead, deadline: .responseBody)
        let exchange = try Playbook(HTTP1Connection(), [get, .sent(), refused]).run()
        #expect(!exchange.mayBind)
        try Playbook(
            exchange,
            [.responseBodyEnded.gives(client: .next, upstream: .close, deadline: .keepAlive, ending: .complete)]
        ).run()
    }

    @Test(
        "a connection that the origin authenticates, or is about to, is kept for its client",
        arguments: ["WWW-Authenticate: Negotiate", "WWW-Authenticate: NTLM", "Persistent-Auth: true"]
    )
    func offered(_ field: String) throws {
        let refused = Move<HTTP1Connection>.responded("HTTP/1.1 401 Unauthorized", "Content-Length: 5", field)
            .gives(client: .forwardHead, deadline: .responseBody)
        let over = Move<HTTP1Connection>.responseBodyEnded
            .gives(client: .next, upstream: .keep, deadline: .keepAlive, ending: .complete)
        try Playbook(HTTP1Connection(), [.get, .sent(), refused, over, .get, .sent(), .ok, .done]).run()
    }

    @Test("not once a byte of an answer has come") func heard() throws {
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(reused: true), .upstreamEnded(partialHead: true).refuses(.response(.incompleteHead)),
            ]
        ).run()
        try Playbook(
            HTTP1Connection(),
            [
                .get, .sent(reused: true),
                .responded("HTTP/1.1 103 Early Hints").gives(client: .forwardInterim, deadline: .firstByte),
                .upstreamFailed().refuses(.terminated),
            ]
        ).run()
    }
}
