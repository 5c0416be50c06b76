public import ApusReport
internal import ApusWire
internal import Synchronization

/// Looking at the traffic: each question goes to the threads' mailboxes, and is answered between two batches of events.
extension ProxyServer {
    /// What was counted since the start, and the gauges of now; empty while the server does not run.
    ///
    /// - Parameter names: how many of the most frequent hosts and users.
    public func traffic(names: Int = 10) async -> Traffic {
        guard let shared = life.shared else { return Traffic() }
        let answers = await Inquiry.ask(WorkerQuery(counters: true), shared)
        var traffic = Traffic()
        for answer in shared.lastAnswers.completed(answers) {
            if let counters = answer.counters { traffic.counters.add(counters) }
            for (label, counts) in answer.rules { traffic.ruleCounts[label, default: RuleCounts()].add(counts) }
            traffic.lists.merge(answer.lists, uniquingKeysWith: &+)
        }
        shared.top.take(traffic.ruleCounts)
        traffic.hosts = frequent(.hosts, names, shared)
        traffic.users = frequent(.users, names, shared)
        traffic.reloads = shared.reloads.withLock { $0 }
        traffic.droppedLogLines = shared.access?.dropped ?? 0
        traffic.threads = answers.count
        return traffic
    }

    private func frequent(_ list: TopTraffic.List, _ limit: Int, _ shared: SharedState) -> [FrequentName] {
        guard limit > 0 else { return [] }
        return shared.top.ranking(list, .fiveMinutes, by: .requests, limit: limit).rows.map { row in
            FrequentName(name: row.name, requests: row.count.requests, bytes: row.count.bytes)
        }
    }

    /// The first clients, users, hosts or rules; as of the last ``traffic(names:)``. Nil while the server does not run.
    package func top(_ list: TopTraffic.List, _ window: TopWindow, by measure: TopMeasure, limit: Int) -> TopRanking? {
        life.shared?.top.ranking(list, window, by: measure, limit: limit)
    }

    /// The records of what ended behind a mark, as far as the recorder holds them.
    ///
    /// - Parameters:
    ///   - limit: at most so many, the newest ones.
    ///   - onlyNotable: those that were refused or failed.
    public func recent(after mark: TrafficMark = TrafficMark(), limit: Int, onlyNotable: Bool = false) async
        -> RecentTraffic
    {
        guard let shared = life.shared else { return RecentTraffic() }
        // The threads' marks differ: each is told all of them and takes its own.
        let past = WorkerQuery.Past(notable: onlyNotable, since: mark.added)
        let (raw, added) = await collect(past, limit, shared)
        var recent = RecentTraffic()
        recent.mark.added = mark.added.merging(added) { $1 }
        // A thread that a mark does not know was too busy when it was made: what it did until now counts as seen.
        let unknown: UInt64? = mark.added.isEmpty ? 0 : nil
        for (thread, count) in added { recent.total &+= count &- min(count, mark.added[thread] ?? unknown ?? count) }
        recent.records = raw.map(\.record)
        return recent
    }

    /// The mark behind all that has ended until now.
    public func trafficMark() async -> TrafficMark { await recent(limit: 0).mark }

    /// The last requests and tunnels that ended, with their heads, the oldest first; secrets in heads are redacted, bodies are as
    /// they were recorded.
    public func transactions(limit: Int) async -> [Transaction] {
        guard let shared = life.shared else { return [] }
        return await collect(WorkerQuery.Past(heads: true), limit, shared).raw.map(redacted)
    }

    /// One that has ended, by its decision id; nil when it is no longer recorded.
    public func transaction(_ id: UInt64) async -> Transaction? {
        guard let shared = life.shared else { return nil }
        return await Inquiry.ask(WorkerQuery(find: id), shared).lazy.flatMap(\.past).first.map(redacted)
    }

    /// What runs.
    ///
    /// - Parameter limit: at most so many, the oldest ones.
    public func openTransactions(limit: Int) async -> OpenTraffic {
        guard let shared = life.shared else { return OpenTraffic() }
        let answers = await Inquiry.ask(WorkerQuery(open: max(1, limit)), shared)
        let all = answers.flatMap(\.open).sorted { $0.startedAt < $1.startedAt }
        return OpenTraffic(transactions: Array(all.prefix(limit)), total: answers.reduce(0) { $0 + $1.openTotal })
    }

    /// Ends what runs at once, by its decision id: its connections are closed, and its record says that it was stopped.
    ///
    /// - Returns: whether it ran.
    @discardableResult
    public func end(_ id: UInt64) async -> Bool {
        guard let shared = life.shared else { return false }
        return await Inquiry.ask(WorkerQuery(end: id), shared).contains(where: \.hasEnded)
    }

    /// Whether clients are served: the listeners are bound, and the server does not drain.
    public var isReady: Bool { life.isReady }

    /// Whether it takes no more clients, and lets what runs come to its end.
    public var isDraining: Bool { life.isDraining }

    /// How many transactions a thread tells at once: what it copies keeps it from its clients for well under a millisecond.
    private static let slice = 200

    /// Asks for what is over, from the newest back, a slice at a time.
    ///
    /// - Returns: the newest of all threads, the oldest first; and how many each has ever added.
    private func collect(
        _ past: WorkerQuery.Past,
        _ limit: Int,
        _ shared: SharedState
    ) async -> (raw: ArraySlice<RawTransaction>, added: [Int: UInt64]) {
        var past = past
        var all: [RawTransaction] = []
        var added: [Int: UInt64] = [:]
        var left = max(0, limit)
        var goesOn = true
        while goesOn {
            past.limit = min(left, ProxyServer.slice)
            left -= past.limit
            goesOn = false
            for answer in await Inquiry.ask(WorkerQuery(past: past), shared) {
                let end = past.before[answer.thread] ?? answer.added
                added[answer.thread] = added[answer.thread] ?? answer.added
                all += answer.past
                past.before[answer.thread] = answer.first
                if answer.first < end, left > 0 { goesOn = true }
            }
        }
        return (all.sorted { $0.endedAt < $1.endedAt }.suffix(max(0, limit)), added)
    }

    private func redacted(_ raw: RawTransaction) -> Transaction {
        let (queries, names) = (configuration.log.queries, configuration.log.secrets)
        let head = raw.request.flatMap { RecordedHead($0, redactingQueries: queries, names: names) }
        let isMalformed = raw.record.proxyStatus == ProxyErrorType.httpRequestError.token.description
        return Transaction(
            record: raw.record,
            request: isMalformed ? head?.namesOnly : head,
            response: raw.response.flatMap { RecordedHead($0, redactingQueries: queries, names: names) },
            requestBody: raw.requestBody,
            responseBody: raw.responseBody
        )
    }
}
