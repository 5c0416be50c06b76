import ApusReport

/// The list of the chosen tab, or all of one request.
struct ListLines {
    let model: TopModel
    let columns: Int
    let colour: Bool

    /// The titles of the columns, and the rows around the chosen one, as many as there is room for; empty lines up to it.
    func lines(rows: Int) -> [TopLine] {
        guard rows > 0 else { return [] }
        switch model.mode {
        case .detail: return DetailLines(model: model, columns: columns, colour: colour).lines(rows: rows)
        case .help: return padded(HelpLines(columns: columns, colour: colour).lines, rows)
        default: break
        }
        let count = model.rowCount
        guard count > 0 else { return padded([empty], rows) }
        let head = rows > 3 ? [titles] : []
        let room = rows - head.count
        let first = min(max(model.selected - room / 2, 0), max(count - room, 0))
        let shown = first..<min(first + room, count)
        let list: [TopLine]
        switch model.tab {
        case .requests:
            let all = model.shownRequests
            list = shown.map { request(all[$0], chosen: $0 == model.selected) }
        case .open:
            let all = model.shownOpen
            list = shown.map { open(all[$0], chosen: $0 == model.selected) }
        case .refusals:
            let all = model.shownRefusals
            list = shown.map { refusal(all[$0], chosen: $0 == model.selected) }
        case .clients, .hosts, .users, .rules:
            let all = model.names(model.tab)
            list = shown.map { name(all[$0], chosen: $0 == model.selected) }
        }
        return padded(head + list, rows)
    }

    /// The titles of the columns; the one by which the rows are in order is marked.
    private var titles: TopLine {
        var line = TopLine(columns, colour: colour)
        for (title, width, isRight) in layout() {
            let mark =
                title.lowercased() == model.order || title.lowercased() == "ended" && model.order == "ended" ? "↓" : ""
            line.put(title + mark, width: width, rightAligned: isRight, .dim)
        }
        return line
    }

    /// The columns of a list: title, width, and whether they stand to the right.
    private func layout() -> [(title: String, width: Int, isRight: Bool)] {
        var all: [(String, Int, Bool)]
        switch model.tab {
        case .requests:
            let behind = requestWidths
            all = columns >= 50 ? [("Began", 8, false)] : []
            all += [("St", 3, false), ("Method", columns >= 60 ? 7 : 4, false)]
            let taken = all.reduce(0) { $0 + $1.1 + 1 } + behind.reduce(0) { $0 + $1.1 + 1 }
            all += [("Host", max(columns - taken - 1, 4), false)] + behind
        case .open:
            let behind: [(String, Int, Bool)] =
                (columns >= 80 ? [("Phase", 10, false)] : [])
                + (columns >= 100 ? [("Who", 16, false), ("Up", 6, true), ("Bytes", 6, true)] : [])
                + [("Up/s", 7, true), ("Rate", 7, true)]
            let taken = 7 + behind.reduce(0) { $0 + $1.1 + 1 }
            all = [("Age", 6, true), ("What", max(columns - taken - 1, 4), false)] + behind
        case .refusals: all = refusalWidths
        case .clients, .hosts, .users, .rules:
            all = [
                ("Requests", 9, true), ("Bytes", 7, true), ("Refused", 8, true),
                (String(model.tab.title.dropLast()), max(columns - 28, 4), false),
            ]
        }
        return all
    }

    /// What stands behind the target of a request.
    private var requestWidths: [(String, Int, Bool)] {
        var all: [(String, Int, Bool)] = []
        if columns >= 140 { all.append(("Rule", 16, false)) }
        if columns >= 100 { all.append((columns >= 120 ? "Client" : "Who", 16, false)) }
        if columns >= 120 { all.append(("User", 12, false)) }
        if columns >= 60 { all.append(("Bytes", 6, true)) }
        all.append(("Took", 7, true))
        return all
    }

    private var refusalWidths: [(String, Int, Bool)] {
        let rest = max(columns - 7 - 9 - (columns >= 70 ? 17 : 0) - 2, 8)
        return [("Times", 6, true), ("Host", rest / 2, false), ("Why", rest - rest / 2, false)]
            + (columns >= 70 ? [("Clients", 16, false)] : []) + [("Last", 8, false)]
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
            case .requests: "No request has ended yet."
            case .open: "Nothing is open."
            case .refusals: "Nothing was refused. That credentials are asked for is no refusal."
            case .clients: "No client in the last five minutes."
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
        let behind = requestWidths
        // What stands behind the target has its room first.
        let room = behind.reduce(0) { $0 + $1.1 + 1 }
        let why = columns >= 140 && row.why == row.rule ? "" : row.why
        let whyWidth = why.isEmpty ? 0 : min(TextWidth.of(why), max(line.left / 3, 8)) + 1
        line.put(row.target, width: max(line.left - room - whyWidth - 1, 4))
        if !why.isEmpty { line.put(why, width: whyWidth - 1, style(row)) }
        for (title, width, isRight) in behind {
            let text =
                switch title {
                case "Rule": row.rule
                case "Client": row.client
                case "Who": row.who
                case "User": row.user
                case "Bytes": Amount.bytes(row.bytes)
                default: row.isRefused || row.status == 407 ? "-" : Amount.duration(microseconds: row.microseconds)
                }
            line.put(text, width: width, rightAligned: isRight, isRight ? .plain : .dim)
        }
        return line
    }

    private func refusal(_ row: RefusalRow, chosen: Bool) -> TopLine {
        var line = TopLine(columns, colour: colour, chosen: chosen)
        for (title, width, isRight) in refusalWidths {
            switch title {
            case "Times": line.put("\(row.count)", width: width, rightAligned: isRight, .yellow)
            case "Host": line.put(row.host, width: width)
            case "Why": line.put(row.why, width: width, .yellow)
            case "Clients": line.put(row.who, width: width, .dim)
            default: line.put(row.clock, width: width, .dim)
            }
        }
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
        line.put(Amount.count(row.requests), width: 9, rightAligned: true, .bold)
        line.put(row.bytes.map { Amount.bytes($0) } ?? "-", width: 7, rightAligned: true)
        line.put(
            row.refused > 0 ? Amount.count(row.refused) : "-",
            width: 8,
            rightAligned: true,
            row.refused > 0 ? .yellow : .dim
        )
        line.put(row.name)
        return line
    }
}
