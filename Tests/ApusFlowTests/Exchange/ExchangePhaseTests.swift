import ApusFlow
import ApusTesting
import ApusWire
import Testing

@Suite("An exchange and every event in every phase") struct ExchangePhaseTests {
    /// The events that a phase knows; all others are own faults or harmless races there.
    private static let known: [HTTP1Connection.Phase: Set<String>] = [
        .idle: [
            "accepted", "headBegan", "requested", "refused", "challenged", "clientEnded", "clientFailed", "drained",
            "stopped", "expired",
        ],
        .head: ["requested", "refused", "challenged", "clientEnded", "clientFailed", "drained", "stopped", "expired"],
        .reaching: [
            "bind", "refused", "challenged", "reached", "clientEnded", "clientFailed", "drained", "stopped", "expired",
        ],
        .exchanging: [
            "refused", "challenged", "responded", "requestBodyEnded", "responseBodyEnded", "responseFaulted",
            "upstreamOverran",
            "upstreamEnded", "upstreamFailed", "clientEnded", "clientFailed", "drained", "stopped", "expired",
        ],
        .flushing: ["clientEnded", "clientFailed", "clientDrained", "drained", "stopped", "expired"],
        .lingering: ["clientEnded", "clientFailed", "clientDrained", "drained", "stopped", "expired"],
        .tunnel: [],
        .closed: [],
    ]

    /// The events that cannot be in a phase, with all or some of their arguments.
    private static let ownFaults: [HTTP1Connection.Phase: Set<String>] = [
        .idle: ["reached", "responded"],
        .head: ["reached", "responded"],
        .reaching: ["headBegan", "requested", "responded"],
        // A second final head; OPTIONS or TRACE as an answer behind an answer.
        .exchanging: ["headBegan", "requested", "reached", "responded", "refused"],
        .flushing: ["headBegan", "requested", "reached", "responded"],
        .lingering: ["headBegan", "requested", "reached", "responded"],
        .tunnel: ["headBegan", "requested", "reached", "responded", "expired"],
        .closed: ["headBegan", "requested", "reached", "responded", "expired"],
    ]

    /// The place of the own fault that an event is where it cannot be.
    private static let places: [String: OwnFault] = [
        "headBegan": .requestHead, "requested": .requestHead, "reached": .upstreamReached,
        "responded": .responseHead, "refused": .ownAnswer, "expired": .exchangeDeadline,
    ]

    /// Exchanges in all phases, with the variety that the phase has.
    private static func examples() throws -> [HTTP1Connection] {
        func exchange(_ moves: [Move<HTTP1Connection>]) throws -> HTTP1Connection {
            try Playbook(HTTP1Connection(), moves).run()
        }
        return try [
            HTTP1Connection(),
            exchange([.get, .sent(), .ok, .done]),
            exchange([.headBegan]),
            exchange([.get]), exchange([.post]), exchange([.connect]),
            exchange([.get, .sent(reused: true)]), exchange([.get, .sent(), .ok]), exchange([.upgrade, .sent()]),
            exchange([.postChunks, .sentHead()]), exchange([.postChunks, .sentHead(), .ok]),
            exchange([.oldGet, .sent(), .okChunks]), exchange([.get, .sent(), .okUntilClose]),
            exchange([.get, .sent(), .ok, .upstreamEnded().cuts(.response(.incompleteBody))]),
            exchange([.oldGet, .sent(), .ok, .doneAndFinish]),
            exchange([.connect, .reached().gives(client: .establish, upstream: .tunnel, deadline: .tunnel)]),
            exchange([.clientEnded.closes()]),
        ]
    }

    @Test("a phase knows its events; any other is an own fault with its place, or changes nothing and asks for nothing")
    func table() throws {
        var effective: [HTTP1Connection.Phase: Set<String>] = [:]
        var faulty: [HTTP1Connection.Phase: Set<String>] = [:]
        for example in try ExchangePhaseTests.examples() {
            effective[example.phase, default: []].formUnion([])
            for event in everyEvent {
                var exchange = example
                let step = event.apply(&exchange)
                if let place = step.fault?.place {
                    faulty[example.phase, default: []].insert(event.kind)
                    #expect(place == ExchangePhaseTests.places[event.kind], "\(event.name) in \(example.phase)")
                    #expect(ExchangePhaseTests.isSafe(step, example, exchange), "\(event.name) in \(example.phase)")
                    continue
                }
                guard step != .none || Snapshot(exchange) != Snapshot(example) else { continue }
                effective[example.phase, default: []].insert(event.kind)
                #expect(
                    ExchangePhaseTests.known[example.phase]?.contains(event.kind) == true,
                    "\(event.name) in \(example.phase): \(step.words)"
                )
            }
        }
        #expect(Set(effective.keys) == Set(HTTP1Connection.Phase.allCases))
        #expect(effective == ExchangePhaseTests.known)
        #expect(faulty == ExchangePhaseTests.ownFaults)
    }

    /// Whether an own fault ends what there is: by one record and an answer or a cut where a request runs, else by a reset.
    private static func isSafe(_ step: Step, _ before: HTTP1Connection, _ after: HTTP1Connection) -> Bool {
        switch before.phase {
        case .head, .reaching, .exchanging:
            let ends = step.ending == Ending(.proxy, .relay, .failure) && step.upstream != .none
            let answers = step.answer != nil && step.answer == step.fault.map { .fault($0) }
            return ends && answers != before.isAnswered && [.lingering, .flushing, .closed].contains(after.phase)
        case .idle, .flushing, .lingering:
            return step.client == .reset && step.ending == nil && step.answer == nil && after.phase == .closed
        case .tunnel, .closed:
            var rest = step
            rest.fault = nil
            return rest == .none && Snapshot(after) == Snapshot(before)
        }
    }

    @Test("no event undoes the end of a connection, or begins a deadline behind it") func closed() throws {
        for event in everyEvent {
            for end in [Move<HTTP1Connection>.clientEnded, .clientFailed, .expired] {
                var exchange = HTTP1Connection()
                _ = end.apply(&exchange)
                #expect(exchange.phase == .closed)
                var step = event.apply(&exchange)
                #expect(step.fault == nil || step.fault?.place != nil)
                step.fault = nil
                #expect(step == .none)
                #expect(exchange.phase == .closed && exchange.deadline == .none)
            }
        }
    }
}
