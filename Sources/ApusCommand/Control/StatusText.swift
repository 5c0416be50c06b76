import ApusReport
import ApusTop

/// What `apus status` prints: one screen.
enum StatusText {
    static func lines(_ value: JSONValue) -> [String] {
        var lines = [head(value)]
        func add(_ name: String, _ text: String) {
            lines.append(name + String(repeating: " ", count: max(1, 11 - name.count)) + text)
        }
        let listeners = value["listeners"]?.elements.compactMap(\.text) ?? []
        add("listens", listeners.isEmpty ? "nowhere yet" : listeners.joined(separator: ", "))
        add("page", value["admin"]?.text ?? "none")
        add("open", open(value["open_now"] ?? .null))
        add("passes", rates(value["rates"] ?? .null))
        add("since", totals(value["totals"] ?? .null))
        add("caps", caps(value["caps"] ?? .null))
        add("settings", settings(value))
        for line in reload(value) { add("reload", line) }
        add("log", log(value["log"] ?? .null))
        for list in value["lists"]?.elements ?? [] {
            add(
                "list",
                "\(list["name"]?.text ?? ""): \(list["entries"]?.whole ?? 0) entries, read \(ago(list["read"], value)) ago"
            )
        }
        return (lines + ControlText.open(value)).map(ControlText.plain)
    }

    private static func head(_ value: JSONValue) -> String {
        let name = "apus \(value["version"]?.text ?? ""), process \(value["pid"]?.whole ?? 0)"
        let started = "started \(ago(value["started"], value)) ago"
        guard value["state"]?.text == "draining" else { return "\(name), \(value["state"]?.text ?? ""), \(started)" }
        return
            "\(name), draining for \(ago(value["draining_since"], value)) of \(value["drain_limit"]?.text ?? ""), \(started)"
    }

    private static func open(_ open: JSONValue) -> String {
        let clients = ControlText.count(open["clients"]?.whole ?? 0, "client")
        let tunnels = ControlText.count(open["tunnels"]?.whole ?? 0, "tunnel")
        return "\(clients), \(tunnels), \(ControlText.count(open["requests"]?.whole ?? 0, "request"))"
    }

    private static func rates(_ rates: JSONValue) -> String {
        let requests = Amount.count(rates["requests_per_second"]?.double ?? 0)
        let down = Amount.bytes(rates["bytes_to_clients_per_second"]?.double ?? 0)
        let up = Amount.bytes(rates["bytes_from_clients_per_second"]?.double ?? 0)
        return "\(requests) requests, \(down) to clients and \(up) from them in the last second"
    }

    private static func totals(_ totals: JSONValue) -> String {
        let requests = ControlText.count(totals["requests"]?.whole ?? 0, "request")
        return
            "the start: \(requests), \(totals["refused"]?.whole ?? 0) refused, \(totals["failed"]?.whole ?? 0) failed"
    }

    private static func caps(_ caps: JSONValue) -> String {
        ["connections", "tunnels", "descriptors"].map { name in
            let used = caps[name]?["used"]?.whole ?? 0
            guard let most = caps[name]?["most"]?.whole, most > 0 else { return "\(name) \(used) of any number" }
            return "\(name) \(used) of \(most) (\(used * 100 / most) %)"
        }.joined(separator: ", ")
    }

    private static func settings(_ value: JSONValue) -> String {
        let settings = value["settings"] ?? .null
        let rules = ControlText.count(settings["rules"]?.whole ?? 0, "rule")
        let mode = settings["report_only"]?.truth == true ? ", which only report" : ""
        let file = settings["file"]?.text ?? "no settings file"
        return "\(file), in force for \(ago(settings["since"], value)), \(rules)\(mode)"
    }

    private static func reload(_ value: JSONValue) -> [String] {
        let reload = value["reload"] ?? .null
        var lines: [String] = []
        if reload["running_since"]?.whole != nil {
            lines.append("under way for \(ago(reload["running_since"], value)): a file may not answer")
        }
        guard reload["last"]?.whole != nil else { return lines.isEmpty ? ["none since the start"] : lines }
        let when = "\(ago(reload["last"], value)) ago"
        let faults = reload["faults"]?.elements.compactMap(\.text) ?? []
        if reload["last_succeeded"]?.truth == true {
            let waiting = reload["waiting"]?.elements.compactMap(\.text) ?? []
            let rest = waiting.isEmpty ? "" : "; waits for the next start: \(waiting.joined(separator: ", "))"
            lines.append("succeeded \(when)\(rest)")
        } else {
            lines.append("FAILED \(when), the old settings are in force: \(faults.first ?? "")")
            let count = reload["fault_count"]?.whole ?? 0
            if count > 1 { lines.append("and \(ControlText.count(count - 1, "fault")) more; apus check shows them") }
        }
        return lines
    }

    private static func log(_ log: JSONValue) -> String {
        let dropped = log["dropped_lines"]?.whole ?? 0
        let text = "\(log["format"]?.text ?? "") to \(log["place"]?.text ?? "")"
        return log["format"]?.text == "off"
            ? "off" : text + (dropped > 0 ? ", \(ControlText.count(dropped, "line")) dropped" : "")
    }

    /// How long before the answer a moment of it was.
    private static func ago(_ moment: JSONValue?, _ value: JSONValue) -> String {
        guard let then = moment?.whole, let now = value["now"]?.whole else { return "?" }
        return span(max(0, now - then))
    }

    static func span(_ seconds: Int64) -> String { Amount.duration(microseconds: Double(seconds) * 1_000_000) }
}
