import ApusFlow
import ApusReactor
import ApusWire
import Glibc
import Testing

@testable import Apus

/// Where a source that is no socket would stand: an exchange that is answered from memory. In the shell sources are a closed list, for they are
/// asked on the way of each request; so this is a test of the machines through their steps, on a real reactor.
@Suite("An exchange that is answered from memory", .timeLimit(.minutes(5)))
struct StoredAnswerTests {
    private static let request = Array("GET http://stored.example/ HTTP/1.1\r\nHost: stored.example\r\n\r\n".utf8)
    private static let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n".utf8)
    private static let answer = head + (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 % 251) }

    @Test("needs no upstream; a client that does not read holds the source, and the next request waits")
    func slowClient() throws {
        var io = try ReactorIO(doorbell: try Waker())
        let (near, far) = try PlainSocket.pair()
        let store = Store(StoredAnswerTests.answer)
        store.client = io.adopt(Descriptor(adopting: dup(near.number)))
        try far.send(StoredAnswerTests.request + StoredAnswerTests.request)
        for _ in 0..<50 { io.turn(store, timeoutMilliseconds: 0) }
        // Nobody reads: the socket's own buffer is full, and one slice waits.
        let stood = store.sent
        #expect(store.exchange.phase == .exchanging && stood > 0 && stood < StoredAnswerTests.answer.count)
        #expect(store.mostWaiting > 0 && store.mostWaiting <= Store.slice)
        for _ in 0..<50 { io.turn(store, timeoutMilliseconds: 0) }
        #expect(store.sent == stood && store.endings.isEmpty)

        var got: [UInt8] = []
        var idle = 0
        while got.count < 2 * StoredAnswerTests.answer.count, idle < 3000 {
            idle += 1
            while far.isReadable(within: 0) {
                let more = try far.read()
                try #require(!more.isEmpty)
                got += more
                idle = 0
            }
            io.turn(store, timeoutMilliseconds: 10)
        }
        io.turn(store, timeoutMilliseconds: 0)
        #expect(got == StoredAnswerTests.answer + StoredAnswerTests.answer)
        #expect(store.endings == [.complete, .complete] && store.mostWaiting <= Store.slice)
        #expect(store.session.phase == .idle && store.session.deadline == .keepAlive)
    }

    @Test("ends with its client, once")
    func vanishedClient() throws {
        var io = try ReactorIO(doorbell: try Waker())
        let (near, far) = try PlainSocket.pair()
        let store = Store(StoredAnswerTests.answer)
        store.client = io.adopt(Descriptor(adopting: dup(near.number)))
        try far.send(StoredAnswerTests.request)
        for _ in 0..<50 { io.turn(store, timeoutMilliseconds: 0) }
        #expect(store.exchange.phase == .exchanging)
        store.failed(store.client, tag: 0, SocketError(code: ECONNRESET), &io)
        for _ in 0..<50 { io.turn(store, timeoutMilliseconds: 0) }
        #expect(store.endings == [Ending(.client, .relay, .reset)] && store.session.phase == .closed)
    }
}

/// Answers from memory, slice by slice, as fast as its client reads: what it does is what session and exchange say.
private final class Store: ReactorHandler {
    static let slice = 16 << 10

    private let answer: [UInt8]
    private var fields = FieldTable()
    private(set) var session = Session()
    private(set) var exchange = Exchange()
    var client = Token.none
    /// How much of the answer has been handed over.
    private(set) var sent = 0
    /// The most that waited for the client at once.
    private(set) var mostWaiting = 0
    private(set) var endings: [Ending] = []

    init(_ answer: [UInt8]) { self.answer = answer }

    func received(
        _ token: Token,
        tag: UInt64,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        guard session.received() == .head,
            case .complete(let head) = RequestParser.parse(bytes, limits: HeadLimits(), fields: &fields),
            let target = try? RequestTarget.parse(bytes, head),
            let facts = try? RequestProperties.judge(bytes, head, target, fields, pseudonym: [])
        else { return 0 }
        io.pause(token)
        exchange = session.newExchange()
        #expect(session.headEnded() == .none && exchange.requested(facts).upstream == .reach)
        // It is found where the way to an origin would begin: what it would be sent goes nowhere.
        #expect(exchange.reached(reused: false).upstream == .sendHead)
        let answer = answer
        guard case .complete(let stored) = ResponseParser.parse(answer.span, limits: HeadLimits(), fields: &fields),
            let found = try? ResponseProperties.judge(
                answer.span,
                stored,
                fields,
                method: .get,
                upgrade: UpgradeOffer()
            )
        else { return 0 }
        let step = exchange.responded(found)
        #expect(step.client == .forwardHead && step.ending == nil)
        sent = 0
        pump(&io)
        return head.end
    }

    /// Sends until something waits for the client, or all has been handed over.
    private func pump(_ io: inout ReactorIO) {
        let answer = answer
        while sent < answer.count {
            let end = min(answer.count, sent + Store.slice)
            let result = io.send(client, answer.span.extracting(sent..<end))
            sent = end
            mostWaiting = max(mostWaiting, io.waiting(client))
            if result == .waiting { return }
        }
        let step = exchange.responseBodyEnded()
        #expect(step.leaves == .next)
        perform(step, &io)
    }

    private func perform(_ step: Step, _ io: inout ReactorIO) {
        if let ending = step.ending { endings.append(ending) }
        switch step.client {
        case .next: io.resume(client)
        case .close, .reset: io.close(client)
        default: break
        }
        if step.exchange == .clientFailed { perform(exchange.clientFailed(), &io) }
        if let leaves = step.leaves { perform(session.exchangeOver(leaves), &io) }
    }

    func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        if exchange.phase == .exchanging { pump(&io) }
    }

    func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { perform(session.ended(), &io) }

    func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) {
        perform(session.failed(), &io)
    }

    func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {}
    func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
    func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
    func expired(_ timer: Timer, _ io: inout ReactorIO) {}
    func rang(_ io: inout ReactorIO) {}
    func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {}
    func turned(_ io: inout ReactorIO) {}
}
