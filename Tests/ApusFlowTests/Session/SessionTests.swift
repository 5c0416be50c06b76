import ApusFlow
import ApusTesting
import Testing

@Suite("A session") struct SessionTests {
    /// Sessions in all phases.
    private static func examples() -> [Session] {
        var head = Session()
        _ = head.headBegan()
        var greeting = Session()
        _ = greeting.greetingBegan()
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
            Session(announced: true), announcing, Session(), head, greeting, busy, left(.cut), left(.last),
            left(.tunnel), left(.gone),
        ]
    }

    /// Every event.
    private enum Event: CaseIterable {
        case announcementBegan, announced, headBegan, greetingBegan, greetingResumed, headEnded, ended, failed
        case outputDrained, drained, stopped, expired, gaveWay
        case next, last, ends, early, cut, reset, gone, tunnel

        func apply(to session: inout Session) -> Step {
            switch self {
            case .announcementBegan: session.announcementBegan()
            case .announced: session.announced()
            case .headBegan: session.headBegan()
            case .greetingBegan: session.greetingBegan()
            case .greetingResumed: session.greetingResumed()
            case .headEnded: session.headEnded()
            case .ended: session.ended()
            case .failed: session.failed()
            case .outputDrained: session.outputDrained()
            case .drained: session.drained()
            case .stopped: session.stopped()
            case .expired: session.expired(TransferProgress(), DeadlineTimes())
            case .gaveWay: session.gaveWay()
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
                if step.exchange != nil {
                    #expect([.announcing, .head, .greeting, .busy].contains(example.phase), place)
                }
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
            let told = event.apply(to: &begun).exchange
            #expect(event == .expired ? told == .unannounced && begun.phase == .busy : told != nil)
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

    @Test(
        "its last answer has the time that its client takes to read it, and no more than that of a stall between two reads"
    )
    func slowReader() {
        var progress = TransferProgress()
        progress.clientIsBehind = true
        progress.clientIdle = 19
        for (leaves, deadline) in [(Step.Leaving.next, Deadline.keepAlive), (.last, .linger), (.cut, .flush)] {
            var session = Session()
            _ = session.headEnded()
            _ = session.exchangeOver(leaves)
            #expect(session.expired(progress, .sample) == Step(deadline: deadline, ticks: 1))
            progress.clientIdle = 20
            // What the upstream does is nothing to a client that does not read.
            progress.upstreamIdle = 0
            let end: Step.ClientAction = leaves == .cut ? .reset : .close
            #expect(session.expired(progress, .sample) == Step(client: end, deadline: .none))
            progress.clientIdle = 19
        }
    }

    @Test("between requests, and before the first, its time does not count from a byte") func idle() {
        var progress = TransferProgress()
        progress.clientIdle = 1
        var idle = Session()
        _ = idle.headEnded()
        _ = idle.exchangeOver(.next)
        for example in [Session(), Session(announced: true), idle] {
            var session = example
            #expect(session.expired(progress, .sample) == Step(client: .close, deadline: .none))
        }
    }

    @Test("it lingers while bytes come, for so long in all; a stranger and a drain have the bare time") func lingers() {
        var lingering = Session()
        _ = lingering.headEnded()
        _ = lingering.exchangeOver(.early)
        var progress = TransferProgress()
        progress.clientIdle = 4
        progress.lingers = 20
        #expect(lingering.expired(progress, .sample) == Step(deadline: .linger, ticks: 16))
        progress.lingers = 297
        #expect(lingering.expired(progress, .sample) == Step(deadline: .linger, ticks: 3))
        let over = Step(client: .close, deadline: .none)
        for change in [{ $0.lingers = 300 }, { $0.clientIdle = 20 }, { $0.isServed = false }]
            as [(inout TransferProgress) -> Void]
        {
            var other = progress
            change(&other)
            var session = lingering
            #expect(session.expired(other, .sample) == over && session.phase == .closed)
        }
        var draining = lingering
        _ = draining.drained()
        #expect(draining.expired(progress, .sample) == over)
    }

    @Test("one that lingers may give way once all has left, and does so when it is asked; any other stays")
    func gaveWay() {
        for example in SessionTests.examples() {
            var session = example
            let isLingering = example.phase == .lingering
            #expect((session.outputDrained().client == .givesWay) == isLingering)
            session = example
            let step = session.gaveWay()
            #expect(step == (example.phase == .lingering ? Step(client: .close, deadline: .none) : .none))
        }
    }

    @Test("it is small, and so are its exchange and a step") func size() {
        #expect(MemoryLayout<Session>.size <= 8)
        #expect(MemoryLayout<Session>.size + MemoryLayout<Exchange>.size <= 128)
    }
}
