internal import ApusReport

extension TopRanking.Row {
    /// An entry of `top` in `traffic`.
    var short: [UInt8] {
        JSONWriter.object {
            $0.text("name", name)
            count.tell(&$0)
        }
    }

    fileprivate var json: [UInt8] {
        JSONWriter.object { json in
            json.text("name", name)
            count.tell(&json)
            json.number("missing_requests", missing.requests)
            json.number("missing_refused", missing.refused)
            json.number("missing_bytes", missing.bytes)
        }
    }
}

extension TopCount {
    fileprivate func tell(_ json: inout JSONWriter) {
        json.number("requests", requests)
        json.number("refused", refused)
        json.number("bytes", bytes)
    }
}

extension TopRanking {
    /// `top` of the interface.
    func json(_ list: TopTraffic.List, _ window: TopWindow, by measure: TopMeasure) -> [UInt8] {
        JSONWriter.object { json in
            json.text("list", list.rawValue)
            json.text("window", window.rawValue)
            json.text("by", measure.rawValue)
            json.number("seconds", seconds)
            json.number("keys", keys)
            json.object("total") { total.tell(&$0) }
            json.array("rows", of: rows.map(\.json))
        }
    }
}

extension TrafficPoint {
    /// A point of `history`: the members of `traffic` that charts are made of.
    var json: [UInt8] {
        JSONWriter.object { json in
            json.text("time", Moment.text(time * 1000))
            json.decimal("requests_per_second", Double(requests))
            json.decimal("served_per_second", Double(served))
            json.decimal("refused_per_second", Double(refused))
            json.decimal("asked_per_second", Double(asked))
            json.decimal("errors_per_second", Double(failed))
            json.decimal("bytes_from_clients_per_second", Double(fromClients).rounded())
            json.decimal("bytes_to_clients_per_second", Double(toClients).rounded())
            json.decimal("clients_open", Double(clients))
            json.decimal("upstreams_open", Double(upstreams))
            json.decimal("tunnels_open", Double(tunnels))
            json.decimal("requests_open", Double(running))
            json.object("latency") { json in
                json.object("total") { json in
                    json.decimal("p50_us", p50 < 0 ? nil : Double(p50).rounded())
                    json.decimal("p90_us", p90 < 0 ? nil : Double(p90).rounded())
                    json.decimal("p99_us", p99 < 0 ? nil : Double(p99).rounded())
                }
            }
        }
    }
}
