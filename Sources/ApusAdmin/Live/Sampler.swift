internal import Apus
internal import ApusReport

/// Looks at the traffic once a second, or twice while somebody watches, for all who watch together.
actor Sampler {
    private let server: ProxyServer
    private let feed: EventFeed
    private let redactsQueries: QueryRedaction
    private let facts: AdminFacts
    private var health: HealthReport
    private var looks = 0
    private let startedAt: Int64
    private let began = ContinuousClock.now
    private var earlier: (counters: TrafficCounters, uptime: Int64)?
    private var latencies = LatencyWindow()
    /// The last hour, for charts.
    private(set) var history = TrafficHistory()
    private(set) var newest: TrafficSample?
    private var mark: TrafficMark?
    private var hadOpen = false

    /// How many requests an event holds at most, and how many that run.
    private static let shown = 200
    private static let shownOpen = 200
    private static let shownTop = 10
    /// What takes a while is looked at once in so many seconds.
    private static let rareStep = 5
    private static let step = Duration.milliseconds(500)

    init(_ server: ProxyServer, _ feed: EventFeed, redactsQueries: QueryRedaction, _ facts: AdminFacts) {
        health = HealthReport(server)
        self.facts = facts
        self.server = server
        self.feed = feed
        self.redactsQueries = redactsQueries
        startedAt = Moment.now()
    }

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
        let traffic = await server.traffic(names: 0)
        let uptime = Int64(began.duration(to: .now) / .microseconds(1))
        var sample = TrafficSample(
            traffic: traffic,
            time: Moment.now(),
            uptime: uptime,
            isDraining: server.isDraining,
            earlier: earlier,
            latency: latencies.take(traffic.counters, uptime: uptime)
        )
        if looks % Sampler.rareStep == 0 || health.isOpen { health.look(await facts.settings?.report()) }
        looks += 1
        sample.health = health.json(traffic)
        earlier = (traffic.counters, uptime)
        newest = sample
        history.add(sample.point)
        if feed.count > 0 { feed.send("traffic", json(sample)) }
    }

    /// The newest sample as it is told; nil before the first.
    var newestJSON: [UInt8]? { newest.map { json($0) } }

    /// Who is first is worked out where somebody looks.
    private func json(_ sample: TrafficSample) -> [UInt8] {
        sample.json(
            top: TopTraffic.List.allCases.map { list in
                (list, server.top(list, .fiveMinutes, by: .requests, limit: Sampler.shownTop)?.rows ?? [])
            }
        )
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
