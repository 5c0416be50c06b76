import ApusReport

/// The list of the chosen tab, or all of one request.
struct ListLines {
    let model: TopModel
    let columns: Int
    let colour: Bool

    /// The rows around the chosen one, as many as there is room for, and empty lines up to it.
    func lines(rows: Int) -> [TopLine] {
        guard rows > 0 else { return [] }
        if case .detail(let row) = model.mode { return padded(Array(detail(row).dropFirst(model.scrolled)), rows) }
        let count = model.rowCount
        guard count > 0 else { return padded([empty], rows) }
        let first = min(max(model.selected - rows / 2, 0), max(count - rows, 0))
        let shown = first..<min(first + rows, count)
        switch model.tab {
        case .requests:
            let all = model.shownRequests
            return padded(shown.map { request(all[$0], chosen: $0 == model.selected) }, rows)
        case .open:
            let all = model.shownOpen
            return padded(shown.map { open(all[$0], chosen: $0 == model.selected) }, rows)
        case .hosts, .users, .rules:
            let all = model.names(model.tab)
            return padded(shown.map { name(all[$0], chosen: $0 == model.selected) }, rows)
        }
    }

    private func padded(_ lines: [TopLine], _ rows: Int) -> [TopLine] {
        let missing = max(rows - lines.count, 0)
        return Array(lines.prefix(rows)) + Array(repeating: TopLine(columns, colour: colour), count: missing)
    }

    private var empty: TopLine {
        var line = TopLine(columns, colour: colour)
        if model.link == .connecting { return line }
        if !model.filter.isEmpty {
            line.put("Nothing has “\(model.filter)” in it; esc shows all.", .dim)
            return line
        }
        let text =
            switch model.tab {
            case .requests: "No request has ended since this began to watch."
            case .open: "Nothing is open."
            case .hosts: "No host was asked for lately."
            case .users: "Nobody has shown credentials lately."
            case .rules: "No rule has decided lately."
            }
        line.put(text, .dim)
        return line
    }

    private func request(_ row: RequestRow, chosen: Bool) -> TopLine {
        var line = TopLine(columns, colour: colour, chosen: chosen)
        if columns >= 50 { line.put(row.clock, width: 8, .dim) }
        line.put(row.status == 0 ? "---" : "\(row.status)", width: 3, style(row))
        line.put(row.method, width: columns >= 60 ? 7 : 4)
        let wide = columns >= 100
        let why = row.why
        // What stands behind the target has its room first.
        let behind = 8 + (columns >= 60 ? 7 : 0) + (wide ? 17 : 0)
        let whyWidth = why.isEmpty ? 0 : min(TextWidth.of(why), max(line.left / 3, 8)) + 1
        line.put(row.target, width: max(line.left - behind - whyWidth - 1, 4))
        if !why.isEmpty { line.put(why, width: whyWidth - 1, style(row)) }
        if wide { line.put(row.who, width: 16, .dim) }
        if columns >= 60 { line.put(Amount.bytes(row.bytes), width: 6, rightAligned: true) }
        line.put(Amount.duration(microseconds: row.microseconds), width: 7, rightAligned: true)
        return line
    }

    private func style(_ row: RequestRow) -> TopStyle {
        if row.fault != nil, row.status < 500, row.status > 0 { return .yellow }
        return switch row.status {
        case 100..<300: .green
        case 300..<400: .cyan
        case 400..<500: .yellow
        default: .red
        }
    }

    private func open(_ row: OpenRow, chosen: Bool) -> TopLine {
        var line = TopLine(columns, colour: colour, chosen: chosen)
        line.put(Amount.duration(microseconds: row.age * 1_000_000), width: 6, rightAligned: true)
        let behind = 16 + (columns >= 80 ? 11 : 0) + (columns >= 100 ? 31 : 0)
        line.put(row.name, width: max(line.left - behind - 1, 4))
        if columns >= 80 { line.put(row.phase, width: 10, .dim) }
        if columns >= 100 {
            line.put(row.who, width: 16, .dim)
            line.put(Amount.bytes(row.up), width: 6, rightAligned: true, .dim)
            line.put(Amount.bytes(row.down), width: 6, rightAligned: true, .dim)
        }
        line.put(rate(row.upPerSecond, "↑"), width: 7, rightAligned: true)
        line.put(rate(row.downPerSecond, "↓"), width: 7, rightAligned: true)
        return line
    }

    private func rate(_ value: Double?, _ mark: String) -> String {
        value.map { "\(mark)\(Amount.bytes($0))" } ?? "\(mark)-"
    }

    private func name(_ row: NameRow, chosen: Bool) -> TopLine {
        var line = TopLine(columns, colour: colour, chosen: chosen)
        line.put(Amount.count(row.requests), width: 6, rightAligned: true, .bold)
        line.put("req", .dim)
        line.put(" ")
        if let bytes = row.bytes {
            line.put(Amount.bytes(bytes), width: 6, rightAligned: true)
            line.put(" ")
        }
        line.put(row.name)
        return line
    }

    /// The members of the log line, one a line.
    private func detail(_ row: RequestRow) -> [TopLine] {
        let members = row.members
        let known = Self.order.filter { members[$0] != nil }
        let others = members.keys.filter { !Self.order.contains($0) }.sorted()
        return (known + others).compactMap { name in
            var line = TopLine(columns, colour: colour)
            line.put(name, width: min(17, columns / 2), .dim)
            switch members[name] {
            case .text(let text): line.put(text)
            case .number(let text): line.put(text)
            case .truth(let truth): line.put(truth ? "true" : "false")
            default: return nil
            }
            return line
        }
    }

    /// What a reader asks for first: what, who, why, how long.
    private static let order = [
        "method", "scheme", "host", "port", "path", "status", "reason", "rule", "fault", "would_deny", "user", "groups",
        "client",
        "total_us", "decide_us", "look_up_us", "connect_us", "first_byte_us", "bytes_from_client", "bytes_to_client",
        "bytes_unread",
        "upstream", "reused", "kind", "ending", "ended_by", "ended_in", "ended_how", "server_name", "unjudged", "time",
        "id",
    ]
}
