import ApusTesting
import Testing

@testable import ApusFlow
@testable import ApusWire

/// Heads that cannot be served or sent on, and what is still known of their messages.
@Suite("A head at fault")
struct FaultyHeadTests {
    private static func answered() -> HTTP1Connection {
        var exchange = HTTP1Connection()
        _ = exchange.requested(RequestProperties(method: .get, version: .http11, body: .none, persistent: true))
        _ = exchange.reached(reused: false)
        var facts = ResponseProperties(status: 200, version: .http11)
        facts.body = .chunked
        facts.persistent = true
        _ = exchange.responded(facts)
        return exchange
    }

    @Test("an answer to a head whose facts are at fault minds the method of that head") func misjudged() {
        var exchange = Self.answered()
        #expect(exchange.responseBodyEnded().client == .next)
        exchange.misjudged(.head, .http10)
        #expect(exchange.refused(.fault(.request(.missingHost))).answer != nil)
        #expect(exchange.method == .head)
        #expect(exchange.version == .http10)
        #expect(exchange.status == 400)
    }

    @Test("a request under way is not misjudged") func misjudgedTooLate() {
        var exchange = Self.answered()
        exchange.misjudged(.head, .http10)
        #expect(exchange.method == .get)
        #expect(exchange.isAnswered)
    }

    @Test("a response at fault is answered with 502 while its head has not left, else cut") func beforeHeadLeft() {
        var kept = Self.answered()
        let refusal = kept.responseFaulted(.malformedChunk, headHasLeft: false)
        #expect(refusal.answer != nil)
        #expect(refusal.ending == Ending(.upstream, .relay, .fault))
        #expect(kept.status == 502)
        var sent = Self.answered()
        let cut = sent.responseFaulted(.malformedChunk)
        #expect(cut.client == .flush)
        #expect(cut.answer == nil)
        #expect(sent.status == 200)
    }
}
