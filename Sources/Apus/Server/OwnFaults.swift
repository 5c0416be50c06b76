internal import ApusFlow
internal import ApusReport
internal import Logging
internal import Synchronization

/// What becomes of own faults, on whichever thread they are met: they are told, and a debug build stops.
final class OwnFaults: Sendable {
    /// What else is done with one.
    typealias Handler = @Sendable (OwnFault) -> Void

    private let news = Mutex(OwnFaultNews())
    private let handler: Handler

    /// - Parameter handler: takes the place of the stop of a debug build, for tests that provoke own faults.
    init(_ handler: Handler? = nil) {
        self.handler = handler ?? { assertionFailure("own fault: \($0.label)") }
    }

    /// One was met; what it belongs to is refused or closed already, or will be.
    func met(_ place: OwnFault, now: UInt64, _ log: Logger) {
        switch news.withLock({ $0.met(now: now) }) {
        case nil: break
        case 1:
            log.error(
                """
                own fault at \(place.label): what it belongs to is refused or closed, all else is served; please report it, with the lines \
                of the log before this one
                """
            )
        case let count?:
            log.error(
                "own faults go on: \(count) since the last such line, this one at \(place.label); please report it"
            )
        }
        handler(place)
    }

    /// Tells of those that have not been told of, when all is over.
    func end(_ log: Logger) {
        let count = news.withLock { $0.untold }
        if count > 0 { log.error("own faults that no line told of: \(count); please report it") }
    }
}
