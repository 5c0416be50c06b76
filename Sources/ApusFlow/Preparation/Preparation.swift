internal import ApusPolicy

/// The way of a request from its head to a connected upstream: what it waits for, one thing at a time, each a state.
///
/// A value without references, owned by one thread. Each wait has a number of its own, which its answer names: one that comes later, to an
/// earlier wait of this request or of another one in its place, is nobody's. An event returns a ``PreparationStep``; what the rules say is no
/// wait and no event, it is asked between two of them. Nor is a limit: who is over it is refused, and told when to come again.
public struct Preparation: Sendable, BitwiseCopyable {
    /// What is waited for.
    public enum State: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// Nothing.
        case idle
        /// Credentials are being verified.
        case authenticating
        /// An embedder's policy is asked.
        case asking
        /// A stored answer is looked for, or one that another request is fetching is waited for.
        case lookingUp
        /// The host is being looked up for the guard alone: another proxy is to reach it by its name, and where nobody here knows that, does.
        case judging
        /// Whom to connect to is being looked up.
        case resolving
        /// Addresses are being connected to.
        case dialling
        /// A connection stands, and who stands at its other end has to say that it may be used: a proxy behind this one, or TLS.
        case handshaking

        /// Which deadline runs.
        fileprivate var deadline: Deadline {
            switch self {
            case .idle: .keep
            case .authenticating: .authentication
            case .asking: .policy
            case .judging: .judgement
            case .resolving: .lookUp
            case .lookingUp, .dialling, .handshaking: .reach
            }
        }

        /// What answers it: addresses are addresses, whatever they are wanted for.
        fileprivate var answer: State { self == .judging ? .resolving : self }
    }

    /// What is waited for.
    public private(set) var state = State.idle
    /// The number of the wait that runs, or of the last one; 0 before the first.
    public private(set) var number: UInt32 = 0

    /// A request that waits for nothing yet.
    public init() {}

    /// The request has to wait; its deadline begins.
    ///
    /// - Parameters:
    ///   - next: for what; never ``State/idle``.
    ///   - number: of this wait.
    public mutating func waits(for next: State, number: UInt32) -> PreparationStep {
        // Two waits at once would lose the first, with what it holds.
        guard state == .idle, next != .idle else { return PreparationStep(ownFault: .preparationWait) }
        state = next
        self.number = number
        return PreparationStep(deadline: next.deadline)
    }

    /// What was waited for is there, or has failed: the wait is over.
    ///
    /// - Parameters:
    ///   - kind: what the answer is to; addresses answer ``State/judging`` as they do ``State/resolving``.
    ///   - number: of the wait that it answers.
    public mutating func answered(_ kind: State, number: UInt32) -> PreparationStep {
        // An earlier wait's, of this request or of another one in its place; or this one's, which has been given up.
        guard state != .idle, self.number == number else { return .race }
        guard state.answer == kind.answer else {
            var step = PreparationStep(ownFault: .preparationAnswer)
            step.passage = .dropped
            return step
        }
        state = .idle
        return .goesOn
    }

    /// The deadline has passed: what is under way is given up, and the request is refused; but for ``State/judging``, where it goes on without an
    /// answer.
    public mutating func expired() -> PreparationStep {
        defer { state = .idle }
        switch state {
        case .idle: return PreparationStep(ownFault: .preparationDeadline)
        case .authenticating: return PreparationStep(fault: .refused(.authenticationTimeout))
        case .asking: return PreparationStep(fault: .refused(.policyTimeout))
        case .judging: return PreparationStep(undo: .giveUpLookUp, passage: .goesOn)
        case .resolving: return PreparationStep(undo: .giveUpLookUp, fault: .lookUp(.timedOut))
        case .lookingUp: return PreparationStep(fault: .timeout(.response))
        case .dialling: return PreparationStep(undo: .closeAttempts, fault: .timeout(.connect))
        // Its connection is given up with the request.
        case .handshaking: return PreparationStep(fault: .timeout(.connect))
        }
    }

    /// The request is over, or answered otherwise: its client is gone, a reload refuses it, the proxy stops. There is nothing to undo where
    /// only an answer is awaited: it will be nobody's.
    public mutating func cancelled() -> PreparationStep {
        defer { state = .idle }
        switch state {
        case .idle, .authenticating, .asking, .lookingUp, .handshaking: return PreparationStep()
        case .judging, .resolving: return PreparationStep(undo: .leaveLookUp)
        case .dialling: return PreparationStep(undo: .closeAttempts)
        }
    }
}
