import ApusReport

/// The figures above the list.
struct HeadLines {
    let model: TopModel
    let endpoint: String
    let columns: Int
    let colour: Bool

    /// The lines that there is room for, the most telling first.
    func lines(most: Int) -> [TopLine] {
        Array(([title, rates, traffic, times] + caps + [curve]).prefix(most))
    }

    private var title: TopLine {
        var line = TopLine(columns, colour: colour)
        line.put("apus \(model.status["version"]?.text ?? "top")", .bold)
        line.put("  ")
        switch model.link {
        case .connecting: line.put("connecting", .yellow)
        case .live where model.traffic["draining"]?.truth == true: line.put("draining", .yellow)
        case .live where model.traffic["health"]?["reload"]?["succeeded"]?.truth == false:
            line.put("live", .green)
            let fault = model.traffic["health"]?["reload"]?["fault"]?.text ?? ""
            let first = fault.split(separator: "\n").first.map { ": \($0)" } ?? ""
            line.put("  the last reload failed\(first)", .red)
        case .live where model.traffic["health"]?["report_only"]?.truth == true:
            line.put("live", .green)
            line.put("  report mode: rules refuse nothing", .yellow)
        case .live: line.put("live", .green)
        case .lost(let why): line.put("no connection, \(why)", .red)
        }
        line.put("  \(endpoint)", .dim)
        if let up = number("uptime_seconds") {
            line.put("  up \(Amount.duration(microseconds: up * 1_000_000))", .dim)
        }
        let listeners = (model.status["listeners"]?.elements ?? []).compactMap(\.text).joined(separator: " ")
        if !listeners.isEmpty { line.put("  on \(listeners)", .dim) }
        return line
    }

    private var rates: TopLine {
        var line = TopLine(columns, colour: colour)
        figure(&line, count("requests_per_second"), "req/s", .bold)
        figure(&line, count("refused_per_second"), "refused/s", isSome("refused_per_second") ? .yellow : .plain)
        figure(&line, count("errors_per_second"), "errors/s", isSome("errors_per_second") ? .red : .plain)
        for name in ["2xx", "3xx", "4xx", "5xx"] {
            guard let rate = model.traffic["statuses"]?[name]?.double else { continue }
            figure(&line, Amount.count(rate), name, .plain)
        }
        return line
    }

    private var traffic: TopLine {
        var line = TopLine(columns, colour: colour)
        figure(&line, bytes("bytes_from_clients_per_second"), "up/s", .plain)
        figure(&line, bytes("bytes_to_clients_per_second"), "down/s", .plain)
        figure(&line, count("clients_open"), "clients", .plain)
        figure(&line, count("tunnels_open"), "tunnels", .plain)
        figure(&line, count("upstreams_open"), "upstreams", .plain)
        figure(&line, count("requests_total"), "in all", .plain)
        return line
    }

    private var times: TopLine {
        var line = TopLine(columns, colour: colour)
        let latency = model.traffic["latency"]
        for name in ["p50", "p90", "p99"] {
            let micros = latency?["total"]?["\(name)_us"]?.double
            figure(&line, micros.map { Amount.duration(microseconds: $0) } ?? "-", name, .plain)
        }
        for (phase, name) in [("look_up", "look-up p99"), ("connect", "connect p99"), ("first_byte", "first byte p99")]
        {
            guard let micros = latency?[phase]?["p99_us"]?.double else { continue }
            figure(&line, Amount.duration(microseconds: micros), name, .plain)
        }
        return line
    }

    /// How near the server is to its caps; none where it does not say.
    private var caps: [TopLine] {
        guard let caps = model.traffic["health"]?["caps"], case .object = caps else { return [] }
        var line = TopLine(columns, colour: colour)
        for (name, title) in [("clients", "clients"), ("tunnels", "tunnels"), ("descriptors", "files")] {
            guard let used = caps[name]?["used"]?.double, let most = caps[name]?["most"]?.double, most > 0 else {
                continue
            }
            let figures = " \(Amount.count(used)) of \(Amount.count(most))"
            let width = title.count + figures.count + HeadLines.meter + 3
            guard width <= line.left else { continue }
            if line.left < columns { line.put("  ") }
            line.put("\(title) ", .dim)
            let full = min(max(used / most, 0), 1)
            let bars = Int((full * Double(HeadLines.meter)).rounded(.up))
            line.put(String(repeating: "■", count: bars), full > 0.95 ? .red : full > 0.8 ? .yellow : .green)
            line.put(String(repeating: "·", count: HeadLines.meter - bars), .dim)
            line.put(figures)
        }
        return line.left < columns ? [line] : []
    }

    /// How many columns a meter has.
    private static let meter = 10

    private var curve: TopLine {
        var line = TopLine(columns, colour: colour)
        let most = model.history.suffix(columns).max() ?? 0
        let label = most > 0 ? " \(Amount.count(most))/s" : ""
        let width = max(columns - TextWidth.of(label), 0)
        line.put(Sparkline.text(model.history, columns: width), .cyan)
        line.put(label, .dim)
        return line
    }

    /// A figure and what it is of; left out as a whole where it does not fit, with all that follow.
    private func figure(_ line: inout TopLine, _ value: String, _ name: String, _ style: TopStyle) {
        let isFirst = line.left == columns
        guard isFirst || TextWidth.of(value) + name.count + 3 <= line.left else {
            line.close()
            return
        }
        if !isFirst { line.put("  ") }
        line.put(value, model.link == .live ? style : .dim)
        line.put(" \(name)", .dim)
    }

    private func number(_ name: String) -> Double? { model.traffic[name]?.double }
    private func isSome(_ name: String) -> Bool { (number(name) ?? 0) > 0 }
    private func count(_ name: String) -> String { number(name).map { Amount.count($0) } ?? "-" }
    private func bytes(_ name: String) -> String { number(name).map { Amount.bytes($0) } ?? "-" }
}
