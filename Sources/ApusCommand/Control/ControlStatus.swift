import Apus
import ApusConfig
import ApusPolicy
import ApusReport

/// How a server is, as `apus status --json` shows it; times are seconds since 1970.
struct ControlStatus {
    let started: Int64
    let drainingSince: Int64?
    let isServing: Bool
    let listeners: [String]
    let admin: String?
    let before: Traffic
    let after: Traffic
    /// Between the two.
    let milliseconds: Int
    let occupancy: Occupancy
    let open: OpenTraffic
    let report: Reloader.Report
    let configuration: ProxyConfiguration
    let rules: PolicyRules

    /// The last line of an answer.
    var json: [UInt8] {
        JSONWriter.object { json in
            json.truth("ok", true)
            json.text("version", ApusVersion.current)
            json.number("pid", HostProcess.identifier)
            json.number("now", HostProcess.secondsSince1970())
            json.text("state", drainingSince != nil ? "draining" : isServing ? "serving" : "starting")
            json.number("started", started)
            if let drainingSince { json.number("draining_since", drainingSince) }
            json.text("drain_limit", configuration.timeouts.drain.settingText)
            json.array("listeners", of: listeners.map(JSONWriter.string))
            json.text("admin", admin)
            json.number("threads", after.threads)
            writeTraffic(&json)
            writeCaps(&json)
            writeSettings(&json)
            json.object("log") { json in
                json.text("format", configuration.log.format.rawValue)
                json.text("place", Settings.named(key: "log.file")?.show(configuration))
                json.number("dropped_lines", after.droppedLogLines)
            }
            json.number("open_count", open.total)
            json.array("open", of: open.transactions.map(Self.json))
        }
    }

    private func writeTraffic(_ json: inout JSONWriter) {
        let (old, new) = (before.counters, after.counters)
        json.object("open_now") { json in
            json.number("clients", occupancy.clients)
            json.number("tunnels", new.tunnelsOpen)
            json.number("requests", new.requestsOpen)
            json.number("idle_upstreams", new.upstreamsIdle)
        }
        json.object("rates") { json in
            json.decimal("requests_per_second", rate(old.requests.total, new.requests.total))
            json.decimal("refused_per_second", rate(old.refused, new.refused))
            json.decimal("failed_per_second", rate(old.failed, new.failed))
            json.decimal("bytes_to_clients_per_second", rate(old.bytes.toClient, new.bytes.toClient))
            json.decimal("bytes_from_clients_per_second", rate(old.bytes.fromClient, new.bytes.fromClient))
        }
        json.object("totals") { json in
            json.number("requests", new.requests.total)
            json.number("refused", new.refused)
            json.number("failed", new.failed)
        }
    }

    private func rate(_ old: UInt64, _ new: UInt64) -> Double {
        // A thread that was too busy to answer makes less of it for once.
        Double(new > old ? new - old : 0) * 1000 / Double(milliseconds)
    }

    private func writeCaps(_ json: inout JSONWriter) {
        json.object("caps") { json in
            Self.write("connections", occupancy.clients, of: occupancy.mostClients, &json)
            Self.write("tunnels", occupancy.tunnels, of: occupancy.mostTunnels, &json)
            Self.write("descriptors", occupancy.descriptors, of: occupancy.mostDescriptors, &json)
        }
    }

    private static func write(_ name: StaticString, _ used: Int, of most: Int, _ json: inout JSONWriter) {
        json.object(name) { json in
            json.number("used", used)
            if most > 0 { json.number("most", most) }
        }
    }

    private func writeSettings(_ json: inout JSONWriter) {
        json.object("settings") { json in
            json.text("file", report.settings.file)
            json.number("since", report.since)
            json.number("rules", rules.rules.count)
            json.truth("report_only", rules.isReportOnly)
        }
        json.object("reload") { json in
            if let running = report.running { json.number("running_since", running) }
            json.number("succeeded", after.reloads.succeeded)
            json.number("failed", after.reloads.failed)
            if let last = report.last {
                json.number("last", last.at)
                json.truth("last_succeeded", last.outcome.hasSucceeded)
                json.array("faults", of: last.outcome.faults.prefix(10).map(JSONWriter.string))
                json.number("fault_count", last.outcome.faults.count)
                json.array("waiting", of: last.outcome.waiting.map { JSONWriter.string($0.key) })
            }
        }
        let lists = report.settings.policy.lists.prefix(100).map { list in
            JSONWriter.object { json in
                json.text("name", list.name)
                json.text("file", list.file)
                json.number("entries", rules.lists[list.name]?.count ?? 0)
                json.number("read", report.listsRead)
            }
        }
        json.array("lists", of: lists)
    }

    /// Something that is open.
    static func json(_ open: OpenTransaction) -> [UInt8] {
        JSONWriter.object { json in
            json.text("id", open.idText)
            json.text("client", open.clientAddress)
            json.text("user", open.user)
            json.text("method", open.method)
            json.text("host", open.host)
            json.number("port", open.port)
            json.text("phase", open.phase.rawValue)
            json.number("seconds", open.age / 1_000_000)
        }
    }
}
