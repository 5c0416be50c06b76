import ApusFlow
import ApusSamples
import Testing

@Suite("The preparation of a request on random walks") struct PreparationWalkTests {
    @Test(
        "what a wait holds is given back once, by its answer or by the step that ends it",
        arguments: [1, 2, 3, 4] as [UInt64]
    )
    func walk(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        var world = World()
        for count in 0..<100_000 where world.fault == nil {
            world.take(&random)
            if let fault = world.fault { Issue.record("seed \(seed), event \(count): \(fault)") }
        }
        // A walk that goes nowhere proves nothing.
        #expect(world.visited == Set(Preparation.State.allCases.map(\.rawValue)))
        #expect(world.answers > 1_000 && world.races > 1_000 && world.refusals > 1_000 && world.undone > 1_000)
    }
}

/// What the shell holds for one request, and the answers that are on their way to it.
private struct World {
    private var preparation = Preparation()
    private var number: UInt32 = 0
    /// The name that it waits for, and the attempts to connect, by the number of the wait.
    private var lookUp: UInt32?
    private var attempts: UInt32?
    /// Answers that will come, some to waits that are over.
    private var coming: [(kind: Preparation.State, number: UInt32)] = []
    private(set) var fault: String?
    private(set) var visited: Set<UInt8> = []
    private(set) var answers = 0
    private(set) var races = 0
    private(set) var refusals = 0
    private(set) var undone = 0

    mutating func take(_ random: inout SplitMix) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1, 2: begin(Preparation.State.allCases.randomElement(using: &random) ?? .idle)
        case 3, 4, 5: answer(&random)
        case 6: expire()
        default: perform(preparation.cancelled(), ends: false)
        }
        visited.insert(preparation.state.rawValue)
        let holds = lookUp != nil || attempts != nil
        let waits = [.judging, .resolving, .dialling].contains(preparation.state)
        if holds != waits { fault = "holds \(holds) in \(preparation.state)" }
    }

    private mutating func begin(_ state: Preparation.State) {
        let before = preparation
        number += 1
        let step = preparation.waits(for: state, number: number)
        if step.fault != nil {
            // Nothing has begun, and what was under way still is.
            if preparation.state != before.state || preparation.number != before.number { fault = "lost a wait" }
            if before.state == .idle && state != .idle { fault = "refused to wait for \(state)" }
            return
        }
        if before.state != .idle { fault = "two waits at once" }
        if step.deadline == .keep { fault = "\(state) has no deadline" }
        if state == .resolving || state == .judging { lookUp = number }
        if state == .dialling { attempts = number }
        // A closed attempt tells nothing more; all others answer in any case.
        coming.append((state == .judging ? .resolving : state, number))
        if coming.count > 50 { coming.removeFirst() }
    }

    private mutating func answer(_ random: inout SplitMix) {
        guard let place = coming.indices.randomElement(using: &random) else { return }
        let (kind, number) = coming.remove(at: place)
        let state = preparation.state == .judging ? Preparation.State.resolving : preparation.state
        let isAwaited = state == kind && preparation.number == number
        switch preparation.answered(kind, number: number) {
        case .goesOn: answers += 1
        case .race:
            races += 1
            if isAwaited { fault = "dropped an answer" }
            return
        case let step: return fault = "\(step)"
        }
        if !isAwaited { fault = "took another's answer" }
        if kind == .resolving { lookUp = nil }
        if kind == .dialling { attempts = nil }
    }

    private mutating func expire() {
        // Who is looked up for the guard alone goes on without an answer.
        let goesOn = preparation.state == .judging
        let step = preparation.expired()
        if goesOn != (step.passage == .goesOn) { fault = "\(step)" }
        perform(step, ends: !goesOn)
    }

    private mutating func perform(_ step: PreparationStep, ends isRefused: Bool) {
        if isRefused != (step.fault != nil) { fault = "\(step)" }
        if isRefused { refusals += 1 }
        if step.undo != .nothing { undone += 1 }
        switch step.undo {
        case .nothing: break
        case .leaveLookUp, .giveUpLookUp:
            if lookUp != preparation.number { fault = "left \(preparation.number), and waited for \(lookUp ?? 0)" }
            lookUp = nil
        case .closeAttempts:
            if attempts != preparation.number { fault = "closed \(preparation.number), and had \(attempts ?? 0)" }
            attempts = nil
        }
        if preparation.state != .idle { fault = "waits behind its end" }
    }
}
