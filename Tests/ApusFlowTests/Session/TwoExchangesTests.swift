import ApusPolicy
import ApusSamples
import Testing

@testable import ApusFlow
@testable import ApusWire

/// A session that runs several exchanges at a time, as HTTP/2 does: a toy, which shows that an exchange needs no session of HTTP/1.
private struct Streams: ~Copyable {
    private(set) var exchanges = Slab<Exchange>()
    private(set) var endings: [UInt32: Ending] = [:]
    private(set) var deadlines: [UInt32: Deadline] = [:]
    private(set) var answers: [UInt32: UInt16] = [:]
    private(set) var isDraining = false

    mutating func begin(_ facts: RequestProperties) -> (UInt32, Step) {
        let id = exchanges.insert(Exchange(draining: isDraining))
        return (id, perform(exchanges[id].requested(facts), id))
    }

    /// Tells one exchange of an event, and does as its step says.
    @discardableResult
    mutating func tell(_ id: UInt32, _ event: (inout Exchange) -> Step) -> Step {
        perform(event(&exchanges[id]), id)
    }

    /// The connection breaks: all that runs on it hears of it.
    mutating func fail() { for id in running { tell(id) { $0.clientFailed() } } }

    mutating func drain() {
        isDraining = true
        for id in running { tell(id) { $0.drained() } }
    }

    var running: [UInt32] { (0..<UInt32(exchanges.capacity)).filter { exchanges.contains($0) } }

    private mutating func perform(_ step: Step, _ id: UInt32) -> Step {
        if let ending = step.ending { endings[id] = ending }
        if let answer = step.answer { answers[id] = answer.status }
        if step.deadline != .keep { deadlines[id] = step.deadline }
        // A stream ends with its exchange, whatever that leaves of a connection of HTTP/1; the connection goes on.
        if step.leaves != nil {
            exchanges.remove(id)
            deadlines[id] = nil
        }
        return step
    }
}

@Suite("Two exchanges at a time on one session") struct TwoExchangesTests {
    private static let get = RequestProperties(method: .get, version: .http11, body: .none, persistent: true)
    private static let post = RequestProperties(method: .post, version: .http11, body: .length(10), persistent: true)

    private static var ok: ResponseProperties {
        var facts = ResponseProperties(status: 200, version: .http11)
        facts.body = .length(5)
        facts.persistent = true
        return facts
    }

    @Test("each goes its own way, with its own deadline and one record") func interleaved() {
        var streams = Streams()
        let (first, reach) = streams.begin(Self.get)
        let (second, other) = streams.begin(Self.post)
        #expect(reach.upstream == .reach && other.upstream == .reach)
        streams.tell(second) { $0.reached(reused: false) }
        streams.tell(first) { $0.reached(reused: true) }
        #expect(streams.deadlines == [first: .firstByte, second: .requestBody])
        streams.tell(first) { $0.responded(Self.ok) }
        let refused = streams.tell(second) { $0.expired(TransferProgress(), DeadlineTimes()) }
        #expect(refused.leaves == .early && streams.answers[second] == 408)
        #expect(streams.running == [first])
        let done = streams.tell(first) { $0.responseBodyEnded() }
        #expect(done.upstream == .pool && done.leaves == .next)
        #expect(streams.endings.count == 2 && streams.endings[first] == .complete)
        #expect(streams.exchanges.count == 0)
    }

    @Test("a connection that breaks ends both; one that drains lets both come to their end") func ends() {
        var broken = Streams()
        let ids = [broken.begin(Self.get).0, broken.begin(Self.get).0]
        broken.tell(ids[0]) { $0.reached(reused: false) }
        broken.fail()
        #expect(
            broken.endings == [
                ids[0]: Ending(.client, .relay, .reset), ids[1]: Ending(.client, .reach, .reset),
            ]
        )
        var draining = Streams()
        let id = draining.begin(Self.get).0
        draining.drain()
        let late = draining.begin(Self.get).0
        for id in [id, late] {
            draining.tell(id) { $0.reached(reused: false) }
            draining.tell(id) { $0.responded(Self.ok) }
            #expect(draining.tell(id, { $0.responseBodyEnded() }).leaves == .ends)
        }
        #expect(draining.exchanges.count == 0)
    }

    @Test(
        "on random walks no exchange is told twice, none is left, and each has one record",
        arguments: [1, 2, 3] as [UInt64]
    )
    func walk(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        var streams = Streams()
        var begun = 0
        for _ in 0..<20_000 {
            let running = streams.running
            if running.count < 4, begun < 2_000, Bool.random(using: &random) {
                // A place is another request's only when the one before it is recorded.
                let ended = streams.endings.count
                let (id, _) = streams.begin(Bool.random(using: &random) ? Self.get : Self.post)
                #expect(streams.endings[id] == nil || ended == streams.endings.count)
                begun += 1
            } else if let id = running.randomElement(using: &random) {
                streams.tell(id) { exchange in
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0 where exchange.phase == .reaching: exchange.reached(reused: Bool.random(using: &random))
                    case 1 where exchange.phase == .exchanging && !exchange.isAnswered: exchange.responded(Self.ok)
                    case 2: exchange.requestBodyEnded()
                    case 3, 4: exchange.responseBodyEnded()
                    case 5: exchange.upstreamFailed(.terminated, partialHead: false)
                    case 6 where exchange.phase == .exchanging: exchange.expired(TransferProgress(), DeadlineTimes())
                    case 7: exchange.refused(.fault(.refused(.rule)))
                    default: .none
                    }
                }
            }
        }
        streams.fail()
        #expect(streams.exchanges.count == 0 && streams.deadlines.isEmpty && begun > 1_000)
    }
}
