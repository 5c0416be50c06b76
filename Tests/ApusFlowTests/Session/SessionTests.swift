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
        var announcing = Session(announced: true)
        _ = announcing.announcementBegan()
        return [
            Session(announced: true), announcing, Session(), head, busy, left(.cut), left(.last), left(.tunnel),
            left(.gone),
        ]
    }

    /// Every event.
    private enum Event: CaseIterable {
        case announcementBegan, announced, headBegan, headEnded, ended, failed, outputDrained, drained, stopped, expired
        case next, last, ends, early, cut, reset, gone, tunnel

        func apply(to session: inout Session) -> Step {
            switch self {
            case .announcementBegan: session.announcementBegan()
            case .announced: session.announced()
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
                if step.exchange != nil { #expect([.announcing, .head, .busy].contains(example.phase), place) }
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

    @Test("where a client is to be announced nothing else is read before, and its time is its own") func announced() {
        var session = Session(announced: true)
        #expect(session.accepted() == Step(deadline: .announcement))
        #expect(session.received() == .announcement)
        #expect(session.announcementBegan() == .none && session.announcementBegan() == .none)
        #expect(session.received() == .announcement && session.phase == .announcing)
        #expect(session.headBegan().exchange == .broken(.requestHead))
        #expect(session.announced() == Step(deadline: .head))
        #expect(session.received() == .head && session.headBegan() == .none && session.headEnded() == .none)
    }

    @Test("a header that comes whole, and what is none, need no state between") func announcedAtOnce() {
        var whole = Session(announced: true)
        #expect(whole.announced() == Step(deadline: .head) && whole.phase == .idle)
        var none = Session(announced: true)
        #expect(none.headEnded() == .none && none.phase == .busy)
        #expect(none.exchangeOver(.ends) == Step(client: .linger, deadline: .linger))
    }

    @Test("a balancer that says nothing leaves no record, one that stops in the middle of its header does")
    func unannounced() {
        for event in [Event.ended, .failed, .expired] {
            var silent = Session(announced: true)
            #expect(event.apply(to: &silent).client == .close)
            var begun = Session(announced: true)
            _ = begun.announcementBegan()
            #expect(event.apply(to: &begun).exchange != nil)
        }
        var plain = Session()
        #expect(plain.announced().fault == .internalError(.announcement))
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
