internal import Apus
internal import ApusFlow

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
        return JSONObject.of { object in
            object.add("time", Moment.text(time))
            object.add("uptime_seconds", Double(uptime) / 1_000_000)
            object.add("interval_seconds", interval)
            object.add("draining", isDraining)
            rate("requests", now.requests.total, before.requests.total, &object)
            rate("refused", now.refused, before.refused, &object)
            rate("errors", now.failed, before.failed, &object)
            rate("bytes_from_clients", now.bytes.fromClient, before.bytes.fromClient, &object)
            rate("bytes_to_clients", now.bytes.toClient, before.bytes.toClient, &object)
            object.add("clients_open", now.clientsOpen)
            object.add("upstreams_open", now.upstreamsOpen)
            object.add("upstreams_idle", now.upstreamsIdle)
            object.add("tunnels_open", now.tunnelsOpen)
            object.add("requests_open", now.requestsOpen)
            object.add("statuses", statuses(now.requests.classes, before.requests.classes))
            object.add(
                "latency",
                JSONObject.of { latency in
                    latency.add("total", percentiles(now.total.since(before.total)))
                    latency.add("decide", percentiles(now.decide.since(before.decide)))
                    latency.add("look_up", percentiles(now.lookUp.since(before.lookUp)))
                    latency.add("connect", percentiles(now.connect.since(before.connect)))
                    latency.add("first_byte", percentiles(now.firstByte.since(before.firstByte)))
                }
            )
            object.add("log_lines_dropped_total", traffic.droppedLogLines)
            if names { object.add("top", top()) }
        }
    }

    private func rate(_ name: String, _ now: UInt64, _ before: UInt64, _ object: inout JSONObject) {
        object.add(name + "_total", now)
        object.add(name + "_per_second", Double(now &- min(before, now)) / interval)
    }

    private func statuses(_ now: [UInt64], _ before: [UInt64]) -> [UInt8] {
        JSONObject.of { object in
            for (name, index) in [("2xx", 2), ("3xx", 3), ("4xx", 4), ("5xx", 5), ("1xx", 1), ("none", 0)] {
                object.add(name, Double(now[index] - min(before[index], now[index])) / interval)
            }
        }
    }

    private func percentiles(_ histogram: LatencyHistogram) -> [UInt8] {
        JSONObject.of { object in
            for (name, share) in [("p50_us", 0.5), ("p90_us", 0.9), ("p99_us", 0.99)] {
                object.add(name, histogram.quantile(share)?.rounded())
            }
            object.add("count", histogram.count)
        }
    }

    private func top() -> [UInt8] {
        JSONObject.of { object in
            object.add("hosts", JSONObject.array(traffic.hosts.map(\.json)))
            object.add("users", JSONObject.array(traffic.users.map(\.json)))
            let rules = traffic.rules.filter { $0.value > 0 }.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(
                10
            )
            object.add(
                "rules",
                JSONObject.array(
                    rules.map { rule in
                        JSONObject.of {
                            $0.add("name", rule.key)
                            $0.add("requests", rule.value)
                        }
                    }
                )
            )
        }
    }
}

extension FrequentName {
    fileprivate var json: [UInt8] {
        JSONObject.of {
            $0.add("name", name)
            $0.add("requests", requests)
            $0.add("bytes", bytes)
        }
    }
}
