import ApusPolicy
import Testing

@testable import ApusFlow
@testable import ApusWire

/// A handshake of two messages with whoever stands at the other end of a connection: a toy for a proxy behind this one, or TLS.
private struct Handshake {
    enum Outcome { case goesOn, agreed, failed }

    private var messages = 0

    mutating func received(_ message: String) -> Outcome {
        guard message == "yes" else { return .failed }
        messages += 1
        return messages == 2 ? .agreed : .goesOn
    }
}

/// A request on such a way: its exchange and its preparation, joined as the shell joins them.
private struct Way {
    private(set) var exchange = Exchange()
    private(set) var preparation = Preparation()
    private(set) var handshake = Handshake()
    private(set) var isConnected = false
    private(set) var ending: Ending?
    private(set) var fault: Fault?

    /// A request whose attempt to connect is the wait of number 1.
    init() {
        perform(exchange.requested(RequestProperties(method: .get, version: .http11, body: .none, persistent: true)))
        perform(preparation.waits(for: .dialling, number: 1))
    }

    mutating func connected() {
        isConnected = true
        perform(preparation.answered(.dialling, number: 1))
        perform(preparation.waits(for: .handshaking, number: 2))
    }

    mutating func received(_ message: String) {
        switch handshake.received(message) {
        case .goesOn: break
        case .agreed:
            let step = preparation.answered(.handshaking, number: 2)
            if step.passage == .goesOn { perform(exchange.reached(reused: false)) }
        case .failed:
            let step = preparation.answered(.handshaking, number: 2)
            if step.passage == .goesOn { perform(exchange.refused(.fault(.dial(.prohibited)))) }
        }
    }

    mutating func expired() { perform(exchange.expired(TransferProgress(), DeadlineTimes())) }
    mutating func clientFailed() { perform(exchange.clientFailed()) }

    private mutating func perform(_ step: Step) {
        if let ending = step.ending { self.ending = ending }
        if let fault = step.fault { self.fault = fault }
        switch step.upstream {
        case .giveUp: perform(preparation.expired())
        case .close, .reset:
            perform(preparation.cancelled())
            isConnected = false
        default: break
        }
    }

    private mutating func perform(_ step: PreparationStep) {
        if let fault = step.fault { perform(exchange.refused(.fault(fault))) }
    }
}

@Suite("A handshake between connected and usable") struct HandshakeTests {
    @Test("the request is sent when both messages have come") func agreed() {
        var way = Way()
        way.connected()
        #expect(way.preparation.state == .handshaking && way.exchange.phase == .reaching)
        way.received("yes")
        #expect(way.exchange.phase == .reaching)
        way.received("yes")
        #expect(way.exchange.phase == .exchanging && way.preparation.state == .idle && way.isConnected)
    }

    @Test("it can fail: the request is refused, and its connection closed") func failed() {
        var way = Way()
        way.connected()
        way.received("yes")
        way.received("no")
        #expect(way.fault == .dial(.prohibited) && way.ending == Fault.dial(.prohibited).ending && !way.isConnected)
    }

    @Test("it can time out") func late() {
        var way = Way()
        way.connected()
        way.expired()
        #expect(way.fault == .timeout(.connect) && !way.isConnected && way.preparation.state == .idle)
        // What comes then is nobody's.
        way.received("yes")
        way.received("yes")
        #expect(way.exchange.phase == .over)
    }

    @Test("it can be cancelled, in each of its states, and an answer that comes then is nobody's", arguments: 0...1)
    func cancelled(_ messages: Int) {
        var way = Way()
        way.connected()
        for _ in 0..<messages { way.received("yes") }
        way.clientFailed()
        #expect(way.ending == Ending(.client, .reach, .reset) && !way.isConnected && way.preparation.state == .idle)
        for _ in messages..<2 { way.received("yes") }
        #expect(way.exchange.phase == .over)
    }
}
