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

    /// What to undo, first of all.
    public var undo = Undo.nothing
    /// Which deadline runs from now on.
    public var deadline = Deadline.keep
    /// Why the request is refused.
    public var fault: Fault?

    /// A step of these slots.
    public init(undo: Undo = .nothing, deadline: Deadline = .keep, fault: Fault? = nil) {
        self.undo = undo
        self.deadline = deadline
        self.fault = fault
    }

    /// An event that cannot be in this state: the request is refused, never let through.
    init(ownFault place: OwnFault) { self.init(fault: .internalError(place)) }
}
