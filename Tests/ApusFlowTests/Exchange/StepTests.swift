import ApusFlow
import Testing

@Suite("A step") struct StepTests {
    @Test("asks for nothing unless it is told to") func nothing() {
        #expect(Step() == .none)
        #expect(Step.none.deadline == .keep)
        #expect(Step(client: .next) != .none && Step(deadline: .none) != .none)
    }

    @Test("what ends a client's connection says so, and it alone") func last() {
        var session = Session()
        for leaves in Step.Leaving.allCases {
            session = Session()
            _ = session.headEnded()
            let step = session.exchangeOver(leaves)
            let isOver = [.flushing, .lingering, .closed].contains(session.phase)
            #expect(step.client.isLast == isOver, "\(leaves)")
        }
        #expect(Step.ClientAction.givesWay.isLast && !Step.ClientAction.shutdown.isLast)
    }

    @Test("an own answer bears its fault's status, or 200") func status() {
        #expect(Answer.fault(.loop).status == 502)
        #expect(Answer.fault(.loop).fault == .loop)
        for answer in [Answer.trace, .options, .help] {
            #expect(answer.status == 200)
            #expect(answer.fault == nil)
        }
    }
}
