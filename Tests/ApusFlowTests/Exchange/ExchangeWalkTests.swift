import ApusSamples
import ApusTesting
import ApusWire
import Testing

@testable import ApusFlow

@Suite("An exchange on random walks") struct ExchangeWalkTests {
    @Test("no order of events breaks what its connections rely on", arguments: [1, 2, 3, 4] as [UInt64])
    func walk(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var walker = Walker()
        for count in 0..<15_000 {
            guard let event = walker.next(&random) else { break }
            try walker.take(event, "seed \(seed), event \(count)")
        }
        // A walk that goes nowhere proves nothing.
        #expect(walker.phases == Set(HTTP1Connection.Phase.allCases.map(\.rawValue)))
        #expect(walker.ownFaults > 20)
        #expect(walker.completed > 200 && walker.retried > 5 && walker.connections > 200)
    }
}

/// Does as the shell does with each step, and checks that the steps fit each other.
private struct Walker {
    /// What the shell holds towards the origin.
    enum Upstream { case none, reaching, held, tunnel }

    private(set) var exchange = HTTP1Connection()
    private var upstream = Upstream.none
    private var deadline = Deadline.head
    private var retries = 0
    private var endings = 0
    private(set) var phases: Set<UInt8> = []
    private(set) var completed = 0
    private(set) var retried = 0
    private(set) var connections = 0
    private(set) var ownFaults = 0
    private var trail: [String] = []

    /// Any event, but more often one that leads on.
    func next(_ random: inout SplitMix) -> Move<HTTP1Connection>? {
        if Int.random(in: 0..<4, using: &random) == 0, let event = everyEvent.randomElement(using: &random) {
            var probe = exchange
            // An own fault ends the connection: now and then is enough.
            let isOwnFault = event.apply(&probe).fault?.place != nil
            if !isOwnFault || Int.random(in: 0..<10, using: &random) == 0 { return event }
        }
        let likely: Set<String>
        switch exchange.phase {
        case .idle, .head: likely = ["requested", "headBegan"]
        case .reaching: likely = ["reached"]
        case .exchanging where exchange.isAnswered: likely = ["responseBodyEnded", "requestBodyEnded"]
        case .exchanging: likely = ["requestBodyEnded", "responded", "upstreamEnded"]
        case .flushing, .lingering: likely = ["clientDrained", "clientEnded", "expired"]
        case .tunnel, .closed: return everyEvent.randomElement(using: &random)
        }
        return everyEvent.filter { likely.contains($0.kind) }.randomElement(using: &random)
    }

    mutating func take(_ event: Move<HTTP1Connection>, _ place: String) throws {
        let before = exchange
        let step = event.apply(&exchange)
        trail.append("\(event.name): \(step.words)")
        phases.insert(exchange.phase.rawValue)
        if step.fault?.place != nil { ownFaults += 1 }
        if let broken = perform(step, before) {
            let story = trail.suffix(12).joined(separator: "\n")
            try #require(Bool(false), "\(broken); \(place), \(before.phase) to \(exchange.phase)\n\(story)")
        }
        if exchange.phase == .closed || exchange.phase == .tunnel, trail.count > 300 || trail.count.isMultiple(of: 2) {
            self = Walker(after: self)
        }
    }

    init() {}

    private init(after old: Walker) {
        phases = old.phases
        completed = old.completed
        retried = old.retried
        connections = old.connections + 1
        ownFaults = old.ownFaults
    }

    /// What is wrong, if anything is.
    private mutating func perform(_ step: Step, _ before: HTTP1Connection) -> String? {
        wrongRequest(step, before) ?? wrongAnswer(step, before) ?? wrongUpstream(step, before) ?? wrongDeadline(step)
            ?? wrongEnd(step, before)
    }

    /// One record for each request: never two, and none is missing.
    private mutating func wrongRequest(_ step: Step, _ before: HTTP1Connection) -> String? {
        if exchange.isRunning, !before.isRunning {
            endings = 0
            retries = 0
        }
        if let ending = step.ending {
            if before.isRunning { endings += 1 }
            if endings > 1 { return "two endings" }
            if exchange.isRunning { return "an ending, and it goes on" }
            if !before.isRunning, before.phase != .idle, before.phase != .head { return "an ending without a request" }
            if ending.isComplete { completed += 1 }
            if ending.isComplete != (step.fault == nil), ending.how != .closed, ending.how != .reset,
                ending.how != .stopped, ending != Ending(.client, .relay, .timeout)
            {
                return "an ending that does not fit its fault"
            }
        } else {
            let isOutside = !before.isRunning && before.phase != .head
            if let fault = step.fault, fault.place == nil || !isOutside { return "a fault without an ending" }
            if before.isRunning, !exchange.isRunning, exchange.phase != .tunnel { return "no ending" }
        }
        return nil
    }

    /// One final answer for each request.
    private func wrongAnswer(_ step: Step, _ before: HTTP1Connection) -> String? {
        let isFirst = before.phase == .idle || before.phase == .head || !before.isAnswered
        if let answer = step.answer {
            if !isFirst { return "an answer behind an answer" }
            if exchange.status != answer.status { return "another status" }
        }
        switch step.client {
        case .forwardHead:
            if !isFirst || before.phase != .exchanging { return "a head behind an answer" }
        case .forwardInterim:
            if !isFirst || before.version != .http11 { return "an interim response too many" }
        case .next:
            if before.hasEndedClient || before.closesClient || before.flags.contains(.draining) { return "no next" }
            if before.requestIsDone == false { return "a next request in the body of this one" }
        default: break
        }
        if exchange.stripsCoding, exchange.version == .http11 { return "coding stripped for HTTP/1.1" }
        if exchange.hasAbandonedRequest, exchange.isRunning, !exchange.closesClient { return "an abandoned body" }
        return nil
    }

    /// A connection to the origin is reached, held and given up in this order.
    private mutating func wrongUpstream(_ step: Step, _ before: HTTP1Connection) -> String? {
        switch step.upstream {
        case .none: break
        case .reach:
            if upstream != .none { return "reach while one is held" }
            upstream = .reaching
        case .reachFresh:
            retries += 1
            retried += 1
            if upstream != .held || retries > 1 { return "a second retry" }
            if before.flags.contains(.bound) { return "a retry of what is for one connection" }
            if !before.isReused || before.requestBody != .none || !before.method.isIdempotent { return "a bad retry" }
            upstream = .reaching
        case .sendHead:
            if upstream != .reaching { return "a head to nobody" }
            upstream = .held
        case .stopBody:
            if upstream != .held || exchange.requestIsDone { return "no body to stop" }
        case .tunnel:
            if upstream == .none { return "a tunnel to nobody" }
            upstream = .tunnel
        case .pool:
            if upstream != .held || step.ending != .complete || !exchange.requestIsDone { return "a bad pooling" }
            if before.responseBody == .untilClose { return "an ended connection pooled" }
            if !before.flags.isDisjoint(with: [.bound, .early]) { return "pooled what nobody else may have" }
            upstream = .none
        case .keep:
            if upstream != .held || step.ending != .complete || step.client != .next {
                return "kept for no next request"
            }
            if !before.flags.contains(.bound) || before.flags.contains(.early) { return "a bad connection kept" }
            upstream = .none
        case .close, .reset: upstream = .none
        case .giveUp: if upstream != .reaching { return "nothing to give up" }
        case .shutdown: return "half-closed upstream"
        }
        switch exchange.phase {
        case .reaching: return upstream == .reaching ? nil : "nobody reaches"
        case .exchanging: return upstream == .held ? nil : "no upstream"
        case .tunnel: return upstream == .tunnel ? nil : "no tunnel"
        default: return upstream == .none ? nil : "an upstream connection is left"
        }
    }

    /// One deadline runs in each phase that waits, and it is one of that phase.
    private mutating func wrongDeadline(_ step: Step) -> String? {
        if step.deadline != .keep { deadline = step.deadline }
        // On the way to the origin it is its preparation's.
        guard exchange.phase != .reaching else { return nil }
        if deadline != exchange.deadline { return "the machine means another deadline" }
        let fitting: Set<Deadline> =
            switch exchange.phase {
            case .idle: [.head, .keepAlive]
            case .head: [.head]
            case .reaching: []
            case .exchanging where exchange.hasResponded: [.requestBody]
            case .exchanging where exchange.isAnswered: [.responseBody]
            case .exchanging: [.requestBody, .firstByte, .clientEnded]
            case .flushing: [.flush]
            case .lingering: [.linger]
            case .tunnel: [.tunnel]
            case .closed: [.none]
            }
        return fitting.contains(deadline) ? nil : "\(deadline) in \(exchange.phase)"
    }

    /// A response that is not whole must not look whole.
    private func wrongEnd(_ step: Step, _ before: HTTP1Connection) -> String? {
        if exchange.phase == .closed, before.phase != .closed, step.client != .close, step.client != .reset {
            return "closed without closing"
        }
        guard before.phase == .exchanging, before.isAnswered, let ending = step.ending, !ending.isComplete else {
            return nil
        }
        if ending.who == .client, step.client == .close { return nil }
        if before.hasResponded { return nil }
        let isUnframed = before.responseBody == .untilClose || before.stripsCoding
        return isUnframed && step.client != .reset ? "a cut response looks whole" : nil
    }
}
