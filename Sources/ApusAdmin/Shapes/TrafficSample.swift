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

    /// Over how long the rates are, in seconds, by a clock that nobody sets.
    private var interval: Double { max(0.001, Double(uptime - (earlier?.uptime ?? 0)) / 1_000_000) }

    /// `traffic` of the interface.
    ///
    /// - Parameter names: with the most frequent hosts, users and rules.
    func json(names: Bool = true) -> [UInt8] {
        let now = traffic.counters
        let before = earlier?.counters ?? TrafficCounters()
        return JSONWriter.object { json in
            json.text("time", Moment.text(time))
            json.decimal("uptime_seconds", Double(uptime) / 1_000_000)
            json.decimal("interval_seconds", interval)
            json.truth("draining", isDraining)
            rate("requests_total", "requests_per_second", now.requests.total, before.requests.total, &json)
            rate("refused_total", "refused_per_second", now.refused, before.refused, &json)
            rate("errors_total", "errors_per_second", now.failed, before.failed, &json)
            rate(
                "bytes_from_clients_total",
                "bytes_from_clients_per_second",
                now.bytes.fromClient,
                before.bytes.fromClient,
                &json
            )
            rate(
                "bytes_to_clients_total",
                "bytes_to_clients_per_second",
                now.bytes.toClient,
                before.bytes.toClient,
                &json
            )
            json.number("clients_open", now.clientsOpen)
            json.number("upstreams_open", now.upstreamsOpen)
            json.number("upstreams_idle", now.upstreamsIdle)
            json.number("tunnels_open", now.tunnelsOpen)
            json.number("requests_open", now.requestsOpen)
            json.raw("statuses", statuses(now.requests.classes, before.requests.classes))
            json.object("latency") { json in
                json.raw("total", percentiles(now.total.since(before.total)))
                json.raw("decide", percentiles(now.decide.since(before.decide)))
                json.raw("look_up", percentiles(now.lookUp.since(before.lookUp)))
                json.raw("connect", percentiles(now.connect.since(before.connect)))
                json.raw("first_byte", percentiles(now.firstByte.since(before.firstByte)))
            }
            json.number("log_lines_dropped_total", traffic.droppedLogLines)
            if names { json.raw("top", top()) }
        }
    }

    private func rate(
        _ total: StaticString,
        _ perSecond: StaticString,
        _ now: UInt64,
        _ before: UInt64,
        _ json: inout JSONWriter
    ) {
        json.number(total, now)
        json.decimal(perSecond, Double(now &- min(before, now)) / interval)
    }

    private func statuses(_ now: [UInt64], _ before: [UInt64]) -> [UInt8] {
        JSONWriter.object { json in
            let classes: [(StaticString, Int)] = [
                ("2xx", 2), ("3xx", 3), ("4xx", 4), ("5xx", 5), ("1xx", 1), ("none", 0),
            ]
            for (name, index) in classes {
                json.decimal(name, Double(now[index] - min(before[index], now[index])) / interval)
            }
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

    private func top() -> [UInt8] {
        JSONWriter.object { json in
            json.array("hosts", of: traffic.hosts.map(\.json))
            json.array("users", of: traffic.users.map(\.json))
            let rules = traffic.rules.filter { $0.value > 0 }.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(
                10
            )
            json.array("rules") { json in
                for rule in rules {
                    json.object { json in
                        json.text("name", rule.key)
                        json.number("requests", rule.value)
                    }
                }
            }
        }
    }
}

extension FrequentName {
    fileprivate var json: [UInt8] {
        JSONWriter.object {
            $0.text("name", name)
            $0.number("requests", requests)
            $0.number("bytes", bytes)
        }
    }
}
