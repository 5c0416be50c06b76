internal import Apus
internal import ApusReport

/// Looks at the traffic once a second, or twice while somebody watches, for all who watch together.
actor Sampler {
    private let server: ProxyServer
    private let feed: EventFeed
    private let redactsQueries: QueryRedaction
    private let startedAt: Int64
    private let began = ContinuousClock.now
    private var earlier: (counters: TrafficCounters, uptime: Int64)?
    private var history: [[UInt8]] = []
    private(set) var newest: TrafficSample?
    private var mark: TrafficMark?
    private var hadOpen = false

    /// How many seconds are remembered.
    private static let remembered = 300
    /// How many requests an event holds at most, and how many that run.
    private static let shown = 200
    private static let shownOpen = 200
    private static let step = Duration.milliseconds(500)

    init(_ server: ProxyServer, _ feed: EventFeed, redactsQueries: QueryRedaction) {
        self.server = server
        self.feed = feed
        self.redactsQueries = redactsQueries
        startedAt = Moment.now()
    }

    /// The samples of the last five minutes, the oldest first, as JSON.
    var past: [[UInt8]] { history }

    /// When this began, in microseconds since 1970.
    nonisolated var start: Int64 { startedAt }

    /// Somebody begins to watch: what ends from now on is told.
    func watch() async {
        if mark == nil { mark = await server.trafficMark() }
    }

    /// Looks until the task is cancelled.
    func run() async {
        var isFull = true
        let clock = ContinuousClock()
        var next = clock.now
        while !Task.isCancelled {
            if isFull { await takeSample() }
            await tellRequests()
            if isFull { await tellOpen() }
            isFull.toggle()
            // A machine that was too busy begins anew, and does not catch up in a burst.
            next = max(next + Sampler.step, clock.now + .milliseconds(50))
            guard (try? await clock.sleep(until: next)) != nil else { return }
        }
    }

    private func takeSample() async {
        let traffic = await server.traffic()
        let uptime = Int64(began.duration(to: .now) / .microseconds(1))
        let sample = TrafficSample(
            traffic: traffic,
            time: Moment.now(),
            uptime: uptime,
            isDraining: server.isDraining,
            earlier: earlier
        )
        earlier = (traffic.counters, uptime)
        newest = sample
        history.append(sample.json(names: false))
        if history.count > Sampler.remembered { history.removeFirst(history.count - Sampler.remembered) }
        if feed.count > 0 { feed.send("traffic", sample.json()) }
    }

    private func tellRequests() async {
        guard feed.count > 0 else {
            mark = nil
            return
        }
        guard let mark else {
            mark = await server.trafficMark()
            return
        }
        let recent = await server.recent(after: mark, limit: Sampler.shown)
        self.mark = recent.mark
        guard recent.total > 0 else { return }
        feed.send(
            "requests",
            JSONWriter.object { json in
                json.number("total", recent.total)
                json.number("shown", recent.records.count)
                json.array("requests", of: recent.records.map { $0.json(redactQueries: redactsQueries) })
            }
        )
    }

    private func tellOpen() async {
        guard feed.count > 0 else { return }
        let open = await server.openTransactions(limit: Sampler.shownOpen)
        guard open.total > 0 || hadOpen else { return }
        hadOpen = open.total > 0
        feed.send("open", open.json(redactQueries: redactsQueries))
    }
}
