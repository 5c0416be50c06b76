import ApusFlow
import ApusTesting
import ApusWire
import Testing

@Suite("An exchange and every event in every phase") struct ExchangePhaseTests {
    /// The events that a phase knows; all others are harmless races there.
    private static let known: [Exchange.Phase: Set<String>] = [
        .idle: [
            "headBegan", "requested", "refused", "challenged", "clientEnded", "clientFailed", "drained", "expired",
        ],
        .head: ["requested", "refused", "challenged", "clientEnded", "clientFailed", "drained", "expired"],
        .reaching: ["bind", "refused", "challenged", "reached", "clientEnded", "clientFailed", "drained", "expired"],
        .exchanging: [
            "refused", "challenged", "responded", "requestBodyEnded", "responseBodyEnded", "responseFaulted",
            "upstreamOverran",
            "upstreamEnded", "upstreamFailed", "clientEnded", "clientFailed", "drained", "expired",
        ],
        .flushing: ["clientEnded", "clientFailed", "clientDrained", "drained", "expired"],
        .lingering: ["clientEnded", "clientFailed", "clientDrained", "drained", "expired"],
        .tunnel: [],
        .closed: [],
    ]

    /// Exchanges in all phases, with the variety that the phase has.
    private static func examples() throws -> [Exchange] {
        func exchange(_ moves: [Move<Exchange>]) throws -> Exchange { try Playbook(Exchange(), moves).run() }
        return try [
            Exchange(),
            exchange([.get, .sent(), .ok, .done]),
            exchange([.headBegan]),
            exchange([.get]), exchange([.post]), exchange([.connect]),
            exchange([.get, .sent(reused: true)]), exchange([.get, .sent(), .ok]), exchange([.upgrade, .sent()]),
            exchange([.postChunks, .sentHead()]), exchange([.postChunks, .sentHead(), .ok]),
            exchange([.oldGet, .sent(), .okChunks]), exchange([.get, .sent(), .okUntilClose]),
            exchange([.get, .sent(), .ok, .upstreamEnded().cuts(.response(.incompleteBody))]),
            exchange([.oldGet, .sent(), .ok, .doneAndLinger()]),
            exchange([.connect, .reached().gives(client: .establish, upstream: .tunnel, deadline: .tunnel)]),
            exchange([.clientEnded.closes()]),
        ]
    }

    @Test("a phase knows its events, and any other changes nothing and asks for nothing") func table() throws {
        var effective: [Exchange.Phase: Set<String>] = [:]
        for example in try ExchangePhaseTests.examples() {
            effective[example.phase, default: []].formUnion([])
            for event in everyEvent {
                var exchange = example
                let step = event.apply(&exchange)
                guard step != .none || Snapshot(exchange) != Snapshot(example) else { continue }
                effective[example.phase, default: []].insert(event.kind)
                #expect(
                    ExchangePhaseTests.known[example.phase]?.contains(event.kind) == true,
                    "\(event.name) in \(example.phase): \(step.words)"
                )
            }
        }
        #expect(Set(effective.keys) == Set(Exchange.Phase.allCases))
        #expect(effective == ExchangePhaseTests.known)
    }

    @Test("no event undoes the end of a connection, or begins a deadline behind it") func closed() throws {
        for event in everyEvent {
            for end in [Move<Exchange>.clientEnded, .clientFailed, .expired] {
                var exchange = Exchange()
                _ = end.apply(&exchange)
                #expect(exchange.phase == .closed)
                #expect(event.apply(&exchange) == .none)
                #expect(exchange.phase == .closed && exchange.deadline == .none)
            }
        }
    }
}
