import ApusFlow
import ApusTesting
import Testing

@Suite("A session") struct SessionTests {
    /// Sessions in all phases.
    private static func examples() -> [Session] {
        var head = Session()
        _ = head.headBegan()
        var busy = Session()
        _ = busy.headEnded()
        func left(_ leaves: Step.Leaving) -> Session {
            var session = busy
            _ = session.exchangeOver(leaves)
            return session
        }
        return [Session(), head, busy, left(.cut), left(.last), left(.tunnel), left(.gone)]
    }

    /// Every event.
    private enum Event: CaseIterable {
        case headBegan, headEnded, ended, failed, outputDrained, drained, stopped, expired
        case next, last, ends, early, cut, reset, gone, tunnel

        func apply(to session: inout Session) -> Step {
            switch self {
            case .headBegan: session.headBegan()
            case .headEnded: session.headEnded()
            case .ended: session.ended()
            case .failed: session.failed()
            case .outputDrained: session.outputDrained()
            case .drained: session.drained()
            case .stopped: session.stopped()
            case .expired: session.expired()
            case .next: session.exchangeOver(.next)
            case .last: session.exchangeOver(.last)
            case .ends: session.exchangeOver(.ends)
            case .early: session.exchangeOver(.early)
            case .cut: session.exchangeOver(.cut)
            case .reset: session.exchangeOver(.reset)
            case .gone: session.exchangeOver(.gone)
            case .tunnel: session.exchangeOver(.tunnel)
            }
        }
    }

    @Test("examples stand for every phase") func phases() {
        #expect(SessionTests.examples().map(\.phase) == Session.Phase.allCases)
    }

    @Test("every event in every phase is a step for the connection, a word to its exchange, or an own fault")
    func table() {
        for example in SessionTests.examples() {
            for event in Event.allCases {
                var session = example
                let step = event.apply(to: &session)
                let place: Comment = "\(event) in \(example.phase): \(step.words)"
                // A session never asks for anything on the other side, and ends no request by itself.
                #expect(step.upstream == .none && step.answer == nil && step.ending == nil && step.leaves == nil, place)
                // Only who runs a request tells one.
                if step.exchange != nil { #expect(example.phase == .head || example.phase == .busy, place) }
                // A deadline begins where the phase is a new one, or its time begins anew.
                if step.deadline != .keep { #expect(step.deadline == session.deadline, place) }
                if example.phase == .closed || example.phase == .tunnel {
                    #expect(step.client == .none && session.phase == example.phase, place)
                }
                if session.phase == .closed, example.phase != .closed {
                    #expect(step.client == .close || step.client == .reset, place)
                }
                if step.fault != nil { #expect(step.fault?.place != nil && step.client != .next, place) }
            }
        }
    }

    @Test(
        "what an exchange leaves is what becomes of the connection",
        arguments: [
            (Step.Leaving.next, Step.ClientAction.next, Deadline.keepAlive, Session.Phase.idle),
            (.last, .finish, .linger, .lingering), (.ends, .linger, .linger, .lingering),
            (.early, .linger, .linger, .lingering), (.cut, .flush, .flush, .flushing), (.reset, .reset, .none, .closed),
            (.gone, .close, .none, .closed), (.tunnel, .none, .tunnel, .tunnel),
        ]
    )
    func leaving(_ leaves: Step.Leaving, _ client: Step.ClientAction, _ deadline: Deadline, _ phase: Session.Phase) {
        var session = Session()
        #expect(session.headEnded() == .none)
        #expect(session.exchangeOver(leaves) == Step(client: client, deadline: deadline))
        #expect(session.phase == phase)
    }

    @Test("who has sent FIN, or meets a drain, is served no further request") func noNext() {
        var ended = Session()
        _ = ended.headEnded()
        #expect(ended.ended() == Step(exchange: .clientEnded))
        #expect(ended.exchangeOver(.next) == Step(client: .flush, deadline: .flush))
        var draining = Session()
        _ = draining.headEnded()
        #expect(draining.drained() == Step(exchange: .drained))
        #expect(draining.exchangeOver(.next) == Step(client: .linger, deadline: .linger))
    }

    @Test("a request within a request, and an end without one, are own faults") func ownFaults() {
        var busy = Session()
        _ = busy.headEnded()
        #expect(busy.headEnded() == Step(exchange: .broken(.requestHead)))
        var idle = Session()
        let step = idle.exchangeOver(.next)
        #expect(step.fault == .internalError(.exchangeEnd) && step.client == .reset && idle.phase == .closed)
    }

    @Test("it is small, and so are its exchange and a step") func size() {
        #expect(MemoryLayout<Session>.size <= 8)
        #expect(MemoryLayout<Session>.size + MemoryLayout<Exchange>.size <= 128)
    }
}
