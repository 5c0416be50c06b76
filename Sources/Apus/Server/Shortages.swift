internal import ApusReport
internal import Logging
internal import Synchronization

/// The want of descriptors, told by whichever thread meets it or sees that it is over.
final class Shortages: Sendable {
    private let episode = Mutex(ShortageEpisode())
    private let isOn = Atomic(false)

    /// Whether an episode is under way, so that the threads that have met it look whether it is over.
    var isUnderWay: Bool { isOn.load(ordering: .relaxed) }

    /// A turn of a thread, in which so many connections were turned away.
    func turned(_ count: UInt64, now: UInt64, ceiling: Int, _ log: Logger) {
        guard count > 0 || isOn.load(ordering: .relaxed) else { return }
        let news = episode.withLock { episode in
            let news = episode.met(count, now: now)
            isOn.store(episode.isOn, ordering: .relaxed)
            return news
        }
        switch news {
        case nil: break
        case .began:
            log.warning(
                """
                out of descriptors: connections are turned away from now on, beyond \(ceiling) descriptors; raise the limit of open files \
                (ulimit -n, LimitNOFILE) or lower --max-connections
                """
            )
        case .goesOn(let count):
            log.warning("still out of descriptors: \(count) connections were turned away in the last minute")
        case .ended(let count, let seconds):
            log.notice("there are descriptors again: \(count) connections were turned away in \(seconds) s")
        }
    }
}
