import ApusReport

/// All of one request: what became of it, its heads, its phases, the decision, its record.
struct DetailLines {
    let model: TopModel
    let columns: Int
    let colour: Bool

    /// How many lines the details of a model have.
    static func count(_ model: TopModel) -> Int { DetailLines(model: model, columns: 80, colour: false).all.count }

    /// From the first that is to be seen, as many as there is room for; the last says that there are more.
    func lines(rows: Int) -> [TopLine] {
        let rest = Array(all.dropFirst(model.scrolled))
        guard rest.count > rows, rows > 1 else {
            let missing = max(rows - rest.count, 0)
            return Array(rest.prefix(rows)) + Array(repeating: TopLine(columns, colour: colour), count: missing)
        }
        var more = TopLine(columns, colour: colour)
        more.put("↓ \(rest.count - rows + 1) more lines", .dim)
        return rest.prefix(rows - 1) + [more]
    }

    private var all: [TopLine] {
        guard case .detail(let row) = model.mode else { return [] }
        var lines = outcome(row)
        lines += head("Request", model.transaction["request"])
        lines += head("Response", model.transaction["response"])
        lines += phases(row)
        lines += decision
        lines += section("Record") + members(row)
        return lines
    }

    private func section(_ title: String) -> [TopLine] {
        var line = TopLine(columns, colour: colour)
        line.put(title, .bold)
        return [TopLine(columns, colour: colour), line]
    }

    private func pair(_ name: String, _ value: String, _ style: TopStyle = .plain) -> TopLine {
        var line = TopLine(columns, colour: colour)
        line.put(name, width: min(17, columns / 2), .dim)
        line.put(value, style)
        return line
    }

    private func outcome(_ row: RequestRow) -> [TopLine] {
        var line = TopLine(columns, colour: colour)
        line.put("\(row.method) \(row.target)", .bold)
        let status = row.status == 0 ? "closed without an answer" : "\(row.status)"
        let what =
            row.isRefused
            ? "refused" : row.status == 407 ? "asked for credentials" : row.fault == nil ? "served" : "failed"
        var lines = [line, pair(status, what, row.isRefused ? .yellow : row.fault == nil ? .green : .red)]
        if let reason = row.record["reason"]?.text { lines.append(pair("", reason)) }
        if let would = row.record["would_deny"]?.text { lines.append(pair("would refuse", would, .yellow)) }
        if let suggestion = model.transaction["suggestion"]?.text {
            lines.append(pair("would allow it", suggestion, .cyan))
        }
        return lines
    }

    private func head(_ title: String, _ head: JSONValue?) -> [TopLine] {
        guard let head, let line = head["line"]?.text else { return [] }
        return section(title) + [pair("", line)]
            + (head["fields"]?.elements ?? []).map { field in
                pair(field.elements.first?.text ?? "", field.elements.dropFirst().first?.text ?? "")
            }
    }

    private func phases(_ row: RequestRow) -> [TopLine] {
        let named = [
            ("Rules", "decide_us"), ("DNS", "look_up_us"), ("Connect", "connect_us"), ("Wait", "first_byte_us"),
        ].map { ($0, row.record[$1]?.double) }
        let total = max(row.microseconds, 1)
        let rest = max(total - named.reduce(0) { $0 + ($1.1 ?? 0) }, 0)
        let width = max(columns - 30, 4)
        return section("Phases")
            + (named + [("Transfer", rest), ("In all", row.microseconds)]).map { name, micros in
                var line = pair(name, "")
                line.put(micros.map { Amount.duration(microseconds: $0) } ?? "-", width: 8, rightAligned: true)
                let bars = Int((min((micros ?? 0) / total, 1) * Double(width)).rounded(.up))
                if name != "In all" { line.put(String(repeating: "▇", count: bars), .cyan) }
                return line
            }
    }

    private var decision: [TopLine] {
        guard let explanation = model.transaction["explanation"], case .object = explanation else { return [] }
        var lines = section("Decision")
        if let answer = explanation["answer"]?.text { lines.append(pair("", answer)) }
        var passed = 0
        for step in explanation["rules"]?.elements ?? [] {
            let finding = step["finding"]?.text ?? ""
            guard finding == "matched" || finding == "recorded" || finding == "applies" else {
                passed += 1
                continue
            }
            let word = finding == "matched" ? "decides" : finding == "recorded" ? "only reports" : "applies"
            lines.append(
                pair(
                    step["rule"]?.text ?? "",
                    "\(step["action"]?.text ?? ""), \(word)  \(step["at"]?.text ?? "")",
                    .yellow
                )
            )
        }
        if passed > 0 { lines.append(pair("", "\(passed) other rules were passed over, or not reached", .dim)) }
        return lines
    }

    /// The members of the log line, one a line.
    private func members(_ row: RequestRow) -> [TopLine] {
        let members = row.members
        let known = DetailLines.order.filter { members[$0] != nil }
        let others = members.keys.filter { !DetailLines.order.contains($0) }.sorted()
        return (known + others).compactMap { name in
            switch members[name] {
            case .text(let text): pair(name, text)
            case .number(let text): pair(name, text)
            case .truth(let truth): pair(name, truth ? "true" : "false")
            default: nil
            }
        }
    }

    /// What a reader asks for first: what, who, why, how long.
    private static let order = [
        "method", "scheme", "host", "port", "path", "status", "reason", "rule", "fault", "would_deny", "user", "groups",
        "client", "total_us", "decide_us", "look_up_us", "connect_us", "first_byte_us", "bytes_from_client",
        "bytes_to_client", "bytes_unread", "upstream", "reused", "kind", "ending", "ended_by", "ended_in", "ended_how",
        "server_name", "unjudged", "time", "id",
    ]
}
