/// What a ``Preparation`` asks of the shell after an event.
public struct PreparationStep: Sendable, Equatable {
    /// What is under way and is not wanted any more.
    public enum Undo: UInt8, Sendable {
        /// Nothing.
        case nothing
        /// The look-up: it goes on for others who wait for the name.
        case leaveLookUp
        /// The same, and it may have been silent for so long that others need not wait for the name.
        case giveUpLookUp
        /// The attempts to connect: their sockets are closed.
        case closeAttempts
    }

    /// What becomes of an answer.
    public enum Passage: UInt8, Sendable {
        /// None has come.
        case none
        /// The request goes on with it.
        case goesOn
        /// It is nobody's: its wait is over, which is a harmless race, or it names a wait for something else, which is an own fault.
        case dropped
    }

    /// What to undo, first of all.
    public var undo = Undo.nothing
    /// What becomes of the answer that has come.
    public var passage = Passage.none
    /// Which deadline runs from now on.
    public var deadline = Deadline.keep
    /// Why the request is refused.
    public var fault: Fault?

    /// A step of these slots.
    public init(undo: Undo = .nothing, passage: Passage = .none, deadline: Deadline = .keep, fault: Fault? = nil) {
        self.undo = undo
        self.passage = passage
        self.deadline = deadline
        self.fault = fault
    }

    /// An event that cannot be in this state: the request is refused, never let through.
    init(ownFault place: OwnFault) { self.init(fault: .internalError(place)) }

    /// What was waited for has come, or has failed.
    public static let goesOn = PreparationStep(passage: .goesOn)
    /// A harmless race: who asked waits no more.
    public static let race = PreparationStep(passage: .dropped)
}
