internal import ApusReport
internal import Synchronization

/// Who uses the server, for what and how much: threads hand over what they have counted, and go on; whoever looks adds it up.
final class TopBoard: Sendable {
    private let inbox = Mutex<[TopTally]>([])
    private let sums: Mutex<TopTraffic>

    /// How many tallies wait at most, where nobody looks; what comes then replaces the oldest.
    private static let most = 8

    init() { sums = Mutex(TopTraffic(now: TopBoard.now)) }

    /// A thread hands over what it has counted: under a lock that is held for no longer than this takes.
    func post(_ tally: TopTally) {
        inbox.withLock { tallies in
            if tallies.count >= TopBoard.most { tallies.removeFirst() }
            tallies.append(tally)
        }
    }

    /// Adds up what was handed over.
    func take(_ rules: [String: RuleCounts]) {
        let tallies = inbox.withLock { tallies in
            defer { tallies = [] }
            return tallies
        }
        let now = TopBoard.now
        sums.withLock { sums in
            for tally in tallies { sums.add(tally, at: now) }
            sums.take(rules, at: now)
        }
    }

    /// The first of a list.
    func ranking(_ list: TopTraffic.List, _ window: TopWindow, by measure: TopMeasure, limit: Int) -> TopRanking {
        sums.withLock { $0.ranking(list, window, by: measure, limit: limit, at: TopBoard.now) }
    }

    /// In seconds, by a clock that nobody sets.
    private static var now: Int64 { Int64(HostProcess.monotonicMilliseconds() / 1000) }
}
