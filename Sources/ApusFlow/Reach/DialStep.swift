package import ApusWire

/// What the shell does after an event of a ``DialPlan``: first `losers` and `cancel`, then `start`.
package struct DialStep: Sendable, Equatable {
    /// An attempt to begin.
    package struct Start: Sendable, Equatable {
        /// Its number, from 0 to 7: what `dialed` and `dialFailed` are told.
        package let attempt: UInt8
        /// Where to.
        package let address: IPAddress
    }

    /// How the dial stands.
    package enum Outcome: Sendable, Equatable {
        /// Nothing is decided by this event.
        case pending
        /// This attempt is the connection.
        case connected(UInt8)
        /// Nobody could be reached.
        case failed(DialFailure)
    }

    /// The attempt to begin now.
    package var start: Start?
    /// An attempt that has used up its share of the time, to be closed now; nothing more is reported about it.
    package var cancel: UInt8?
    /// The attempts to be closed now because the dial is over, one bit for each number.
    package var losers: UInt8 = 0
    /// When `ticked` is due, in microseconds; replaces the time of any step before. Nil: not any more.
    package var wakeAt: UInt64?
    /// How the dial stands; not `pending` in exactly one step.
    package var outcome: Outcome = .pending

    /// Nothing to do.
    static let quiet = DialStep()
}
