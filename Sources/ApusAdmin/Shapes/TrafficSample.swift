internal import Apus
internal import ApusReport

/// The traffic of one moment, with the rates since an earlier one.
struct TrafficSample: Sendable {
    let traffic: Traffic
    /// In microseconds since 1970.
    let time: Int64
    /// In microseconds.
    let uptime: Int64
    let isDraining: Bool
    /// What was counted, and at which uptime, in the sample before; nil for the first.
    let earlier: (counters: TrafficCounters, uptime: Int64)?
    /// How long requests took, over so many microseconds.
    let latency: (sums: LatencyWindow.Sums, span: Int64)
    /// `health` of the interface.
    var health: [UInt8]?

    /// Over how long the rates are, in seconds, by a clock that nobody sets.
    private var interval: Double { max(0.001, Double(uptime - (earlier?.uptime ?? 0)) / 1_000_000) }

    private func rate(_ now: UInt64, _ before: UInt64) -> Double { Double(now &- min(before, now)) / interval }

    /// The same for the charts.
    var point: TrafficPoint {
        let now = traffic.counters
        let before = earlier?.counters ?? TrafficCounters()
        var point = TrafficPoint()
        point.time = time / 1000
        point.refused = Float(rate(now.refused, before.refused))
        point.asked = Float(rate(now.asked, before.asked))
        point.failed = Float(rate(now.failed, before.failed))
        point.served = Float(rate(now.served, before.served))
        point.fromClients = Float(rate(now.bytes.fromClient, before.bytes.fromClient))
        point.toClients = Float(rate(now.bytes.toClient, before.bytes.toClient))
        point.clients = Float(now.clientsOpen)
        point.upstreams = Float(now.upstreamsOpen)
        point.tunnels = Float(now.tunnelsOpen)
        point.running = Float(now.requestsOpen)
        let total = latency.sums.total
        point.p50 = total.quantile(0.5).map { Float($0) } ?? -1
        point.p90 = total.quantile(0.9).map { Float($0) } ?? -1
        point.p99 = total.quantile(0.99).map { Float($0) } ?? -1
        return point
    }

    /// `traffic` of the interface.
    ///
    /// - Parameter top: the most frequent clients, users, hosts and rules of the last five minutes.
    func json(top: [(list: TopTraffic.List, rows: [TopRanking.Row])]) -> [UInt8] {
        let now = traffic.counters
        let before = earlier?.counters ?? TrafficCounters()
        return JSONWriter.object { json in
            json.text("time", Moment.text(time))
            json.decimal("uptime_seconds", Double(uptime) / 1_000_000)
            json.decimal("interval_seconds", interval)
            json.truth("draining", isDraining)
            rates(now, before, &json)
            json.number("clients_open", now.clientsOpen)
            json.number("upstreams_open", now.upstreamsOpen)
            json.number("upstreams_idle", now.upstreamsIdle)
            json.number("tunnels_open", now.tunnelsOpen)
            json.number("requests_open", now.requestsOpen)
            json.raw("statuses", statuses(now.requests.classes, before.requests.classes))
            json.object("latency") { json in
                json.decimal("seconds", Double(latency.span) / 1_000_000)
                json.raw("total", percentiles(latency.sums.total))
                json.raw("decide", percentiles(latency.sums.decide))
                json.raw("look_up", percentiles(latency.sums.lookUp))
                json.raw("connect", percentiles(latency.sums.connect))
                json.raw("first_byte", percentiles(latency.sums.firstByte))
            }
            json.number("would_deny_total", now.wouldDeny)
            json.number("log_lines_dropped_total", traffic.droppedLogLines)
            json.raw("health", health)
            json.object("top") { json in
                for (list, rows) in top { json.array(TrafficSample.name(list), of: rows.map(\.short)) }
            }
        }
    }

    private static func name(_ list: TopTraffic.List) -> StaticString {
        switch list {
        case .clients: "clients"
        case .users: "users"
        case .hosts: "hosts"
        case .rules: "rules"
        }
    }

    private func rates(_ now: TrafficCounters, _ before: TrafficCounters, _ json: inout JSONWriter) {
        let all: [(total: StaticString, perSecond: StaticString, now: UInt64, before: UInt64)] = [
            ("requests_total", "requests_per_second", now.requests.total, before.requests.total),
            ("served_total", "served_per_second", now.served, before.served),
            ("refused_total", "refused_per_second", now.refused, before.refused),
            ("asked_total", "asked_per_second", now.asked, before.asked),
            ("errors_total", "errors_per_second", now.failed, before.failed),
            (
                "bytes_from_clients_total", "bytes_from_clients_per_second", now.bytes.fromClient,
                before.bytes.fromClient
            ),
            ("bytes_to_clients_total", "bytes_to_clients_per_second", now.bytes.toClient, before.bytes.toClient),
        ]
        for row in all {
            json.number(row.total, row.now)
            json.decimal(row.perSecond, rate(row.now, row.before))
        }
    }

    private func statuses(_ now: [UInt64], _ before: [UInt64]) -> [UInt8] {
        JSONWriter.object { json in
            let classes: [(StaticString, Int)] = [
                ("2xx", 2), ("3xx", 3), ("4xx", 4), ("5xx", 5), ("1xx", 1), ("none", 0),
            ]
            for (name, index) in classes { json.decimal(name, rate(now[index], before[index])) }
        }
    }

    private func percentiles(_ histogram: LatencyHistogram) -> [UInt8] {
        JSONWriter.object { json in
            let shares: [(StaticString, Double)] = [("p50_us", 0.5), ("p90_us", 0.9), ("p99_us", 0.99)]
            for (name, share) in shares {
                json.decimal(name, histogram.quantile(share)?.rounded())
            }
            json.number("count", histogram.count)
        }
    }
}
