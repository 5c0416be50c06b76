import ApusPolicy
import Testing

@testable import ApusFlow

@Suite("The preparation of a request") struct PreparationTests {
    /// What comes of an event.
    private enum Outcome: Equatable {
        /// It leads to another state, or stays, and asks for this.
        case goes(Preparation.State, PreparationStep)
        /// It is dropped.
        case race
        /// It cannot be: the request is refused, and the place told.
        case ownFault(OwnFault)
    }

    private enum Event: CaseIterable {
        case waitsForCredentials, waitsForVerdict, waitsForStored, waitsForJudgement, waitsForAddresses
        case waitsForConnection, waitsForPeer
        case verified, decided, stored, resolved, connected, agreed
        case verifiedLate, decidedLate, storedLate, resolvedLate, connectedLate, agreedLate
        case expired, cancelled

        /// What begins, or is answered.
        var kind: Preparation.State? {
            switch self {
            case .waitsForCredentials, .verified, .verifiedLate: .authenticating
            case .waitsForVerdict, .decided, .decidedLate: .asking
            case .waitsForStored, .stored, .storedLate: .lookingUp
            case .waitsForPeer, .agreed, .agreedLate: .handshaking
            case .waitsForJudgement: .judging
            case .waitsForAddresses, .resolved, .resolvedLate: .resolving
            case .waitsForConnection, .connected, .connectedLate: .dialling
            case .expired, .cancelled: nil
            }
        }

        /// Whether it is an answer, of now or late.
        var isAnswer: Bool { kind != nil && !PreparationTests.begins.contains(self) }
    }

    private static let begins: [Event] = [
        .waitsForCredentials, .waitsForVerdict, .waitsForStored, .waitsForJudgement, .waitsForAddresses,
        .waitsForConnection, .waitsForPeer,
    ]
    private static let answers: [Event] = [.verified, .decided, .stored, .resolved, .connected, .agreed]

    /// A preparation in this state, whose wait has the number 7.
    private static func inState(_ state: Preparation.State) -> Preparation {
        var preparation = Preparation()
        if state != .idle { _ = preparation.waits(for: state, number: 7) }
        return preparation
    }

    private static func outcome(of event: Event, in state: Preparation.State) -> Outcome {
        var preparation = inState(state)
        let step: PreparationStep
        switch event {
        case .expired: step = preparation.expired()
        case .cancelled: step = preparation.cancelled()
        case _ where begins.contains(event):
            guard let kind = event.kind else { return .race }
            step = preparation.waits(for: kind, number: 8)
        default:
            guard let kind = event.kind else { return .race }
            step = preparation.answered(kind, number: answers.contains(event) ? 7 : 6)
        }
        let isUnchanged = preparation.state == state && preparation.number == (state == .idle ? 0 : 7)
        if step == .race, isUnchanged { return .race }
        if let place = step.fault?.place {
            var refusal = PreparationStep(ownFault: place)
            // Whose answer it was cannot be told: it is nobody's.
            if event.isAnswer { refusal.passage = .dropped }
            return step == refusal ? .ownFault(place) : .goes(preparation.state, step)
        }
        return .goes(preparation.state, step)
    }

    /// What is not in the table is a race, but for a beginning and for an answer that names the wait that runs, and is not to it: they are own
    /// faults.
    private static let table: [Preparation.State: [Event: Outcome]] = [
        .idle: [
            .waitsForCredentials: .goes(.authenticating, PreparationStep(deadline: .authentication)),
            .waitsForVerdict: .goes(.asking, PreparationStep(deadline: .policy)),
            .waitsForAddresses: .goes(.resolving, PreparationStep(deadline: .lookUp)),
            .waitsForJudgement: .goes(.judging, PreparationStep(deadline: .judgement)),
            .waitsForStored: .goes(.lookingUp, PreparationStep(deadline: .reach)),
            .waitsForConnection: .goes(.dialling, PreparationStep(deadline: .reach)),
            .waitsForPeer: .goes(.handshaking, PreparationStep(deadline: .reach)),
            .expired: .ownFault(.preparationDeadline),
            .cancelled: .goes(.idle, PreparationStep()),
        ],
        .authenticating: [
            .verified: .goes(.idle, .goesOn),
            .expired: .goes(.idle, PreparationStep(fault: .refused(.authenticationTimeout))),
            .cancelled: .goes(.idle, PreparationStep()),
        ],
        .asking: [
            .decided: .goes(.idle, .goesOn),
            .expired: .goes(.idle, PreparationStep(fault: .refused(.policyTimeout))),
            .cancelled: .goes(.idle, PreparationStep()),
        ],
        .lookingUp: [
            .stored: .goes(.idle, .goesOn),
            .expired: .goes(.idle, PreparationStep(fault: .timeout(.response))),
            .cancelled: .goes(.idle, PreparationStep()),
        ],
        .handshaking: [
            .agreed: .goes(.idle, .goesOn),
            .expired: .goes(.idle, PreparationStep(fault: .timeout(.connect))),
            .cancelled: .goes(.idle, PreparationStep()),
        ],
        .judging: [
            .resolved: .goes(.idle, .goesOn),
            .expired: .goes(.idle, PreparationStep(undo: .giveUpLookUp, passage: .goesOn)),
            .cancelled: .goes(.idle, PreparationStep(undo: .leaveLookUp)),
        ],
        .resolving: [
            .resolved: .goes(.idle, .goesOn),
            .expired: .goes(.idle, PreparationStep(undo: .giveUpLookUp, fault: .lookUp(.timedOut))),
            .cancelled: .goes(.idle, PreparationStep(undo: .leaveLookUp)),
        ],
        .dialling: [
            .connected: .goes(.idle, .goesOn),
            .expired: .goes(.idle, PreparationStep(undo: .closeAttempts, fault: .timeout(.connect))),
            .cancelled: .goes(.idle, PreparationStep(undo: .closeAttempts)),
        ],
    ]

    @Test("each event in each state is a transition, a harmless race or an own fault") func everyEvent() {
        for state in Preparation.State.allCases {
            for event in Event.allCases {
                let usual: Outcome =
                    Self.begins.contains(event)
                    ? .ownFault(.preparationWait)
                    : Self.answers.contains(event) && state != .idle ? .ownFault(.preparationAnswer) : .race
                let wanted = Self.table[state]?[event] ?? usual
                let found = Self.outcome(of: event, in: state)
                #expect(found == wanted, "\(event) in \(state)")
            }
        }
    }

    @Test("a wait for nothing is an own fault") func nothing() {
        var preparation = Preparation()
        expect(preparation.waits(for: .idle, number: 1) == PreparationStep(ownFault: .preparationWait))
        expect(preparation.answered(.idle, number: 0) == .race)
    }

    @Test(
        "credentials, an embedder, a stored answer, a look-up, a connection and its other end follow each other, each with a deadline of its own"
    )
    func story() {
        var preparation = Preparation()
        let waits: [(Preparation.State, Deadline)] = [
            (.authenticating, .authentication), (.asking, .policy), (.lookingUp, .reach), (.resolving, .lookUp),
            (.dialling, .reach), (.handshaking, .reach),
        ]
        for (number, (state, deadline)) in zip(UInt32(1)..., waits) {
            expect(preparation.waits(for: state, number: number) == PreparationStep(deadline: deadline))
            #expect(preparation.state == state && preparation.number == number)
            // An answer that was meant for the wait before.
            expect(preparation.answered(state, number: number - 1) == .race)
            expect(preparation.answered(state, number: number) == .goesOn)
            // The same answer twice.
            expect(preparation.answered(state, number: number) == .race)
        }
        expect(preparation.cancelled() == PreparationStep())
    }

    @Test("an answer to another question than the one that is asked refuses the request; what is under way is undone")
    func another() {
        var preparation = Self.inState(.resolving)
        let step = preparation.answered(.dialling, number: 7)
        #expect(step.fault == .internalError(.preparationAnswer) && step.passage == .dropped)
        // Who refuses it cancels what it waits for.
        expect(preparation.cancelled() == PreparationStep(undo: .leaveLookUp))
    }

    @Test("a request that has been given up waits for nothing, and the next one can wait in its place") func next() {
        for state in Preparation.State.allCases where state != .idle {
            for isExpired in [true, false] {
                var preparation = Self.inState(state)
                _ = isExpired ? preparation.expired() : preparation.cancelled()
                #expect(preparation.state == .idle)
                expect(preparation.cancelled() == PreparationStep())
                expect(preparation.answered(state, number: 7) == .race)
                expect(preparation.waits(for: state, number: 8).fault == nil)
                expect(preparation.answered(state, number: 7) == .race)
                expect(preparation.answered(state, number: 8) == .goesOn)
            }
        }
    }

    @Test("it is small") func size() { #expect(MemoryLayout<Preparation>.size <= 8) }
}
