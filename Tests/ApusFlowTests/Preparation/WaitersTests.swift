import ApusPolicy
import Testing

@testable import ApusFlow
@testable import ApusWire

/// Requests that wait for another one to fetch what they all ask for, as a cache has them: a toy, which shows that an exchange needs no
/// socket to an origin.
private struct Waiters {
    private(set) var exchanges: [Exchange] = []
    private(set) var preparations: [Preparation] = []
    private(set) var served: Set<Int> = []
    private(set) var refused: [Int: Fault] = [:]
    private(set) var endings: [Int: Ending] = [:]

    init(_ count: Int) {
        for number in 0..<count {
            var exchange = Exchange()
            var preparation = Preparation()
            _ = exchange.requested(RequestProperties(method: .get, version: .http11, body: .none, persistent: true))
            let step = preparation.waits(for: .lookingUp, number: UInt32(number + 1))
            #expect(step.deadline == .reach)
            exchanges.append(exchange)
            preparations.append(preparation)
        }
    }

    var waiting: [Int] { preparations.indices.filter { preparations[$0].state == .lookingUp } }

    /// The eleventh has its answer: all who still wait are served from memory, with no upstream of their own.
    mutating func fetched() {
        for index in preparations.indices {
            guard preparations[index].answered(.lookingUp, number: UInt32(index + 1)).passage == .goesOn else {
                continue
            }
            var facts = ResponseProperties(status: 200, version: .http11)
            facts.body = .length(5)
            facts.persistent = true
            perform(exchanges[index].reached(reused: false), index)
            perform(exchanges[index].responded(facts), index)
            served.insert(index)
            perform(exchanges[index].responseBodyEnded(), index)
        }
    }

    mutating func expired(_ index: Int) {
        perform(exchanges[index].expired(TransferProgress(), DeadlineTimes()), index)
    }
    mutating func left(_ index: Int) { perform(exchanges[index].clientFailed(), index) }

    private mutating func perform(_ step: Step, _ index: Int) {
        if let ending = step.ending { endings[index] = ending }
        if let fault = step.fault { refused[index] = fault }
        switch step.upstream {
        case .giveUp:
            let given = preparations[index].expired()
            if let fault = given.fault { perform(exchanges[index].refused(.fault(fault)), index) }
        case .close, .reset, .pool: _ = preparations[index].cancelled()
        default: break
        }
    }
}

@Suite("Exchanges that wait for another one") struct WaitersTests {
    @Test("ten wait for an eleventh, without a socket, each with a deadline, and are served together") func together() {
        var waiters = Waiters(10)
        #expect(waiters.waiting.count == 10)
        waiters.expired(3)
        waiters.left(7)
        #expect(waiters.refused == [3: .timeout(.response)])
        #expect(waiters.endings[7] == Ending(.client, .reach, .reset))
        #expect(waiters.waiting == [0, 1, 2, 4, 5, 6, 8, 9])
        waiters.fetched()
        #expect(waiters.served == [0, 1, 2, 4, 5, 6, 8, 9] && waiters.waiting.isEmpty)
        #expect(waiters.endings.count == 10)
        for index in waiters.served { #expect(waiters.endings[index] == .complete) }
        // The same answer twice is nobody's.
        waiters.fetched()
        #expect(waiters.served.count == 8 && waiters.endings.count == 10)
    }
}
