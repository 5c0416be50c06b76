/// Draws the model on a terminal of any size; at 40 columns and 10 rows all of it can be used.
package enum TopScreen {
    /// How many rows of a screen the list takes.
    package static func page(rows: Int) -> Int { max(rows - headRows(rows) - 3, 1) }

    /// The whole screen: from the home position on, each line cleared behind its end, so that nothing flickers.
    ///
    /// - Parameters:
    ///   - endpoint: where the figures come from, for the title.
    ///   - colour: whether colours may be used; what is chosen is inverse in any case.
    package static func render(
        _ model: TopModel,
        from endpoint: String,
        columns: Int,
        rows: Int,
        colour: Bool
    ) -> [UInt8] {
        let columns = max(columns, 1)
        let rows = max(rows, 1)
        var lines = HeadLines(model: model, endpoint: endpoint, columns: columns, colour: colour)
            .lines(most: headRows(rows))
        if rows > 2 { lines.append(tabs(model, columns, colour)) }
        let list = ListLines(model: model, columns: columns, colour: colour)
        lines += list.lines(rows: max(rows - lines.count - 1, 0))
        lines.append(foot(model, columns, colour))
        var bytes = Array("\u{1b}[H".utf8)
        for (index, var line) in lines.prefix(rows).enumerated() {
            line.finish()
            bytes += line.bytes
            if line.left > 0 { bytes += Array("\u{1b}[K".utf8) }
            if index < min(lines.count, rows) - 1 { bytes += [0x0d, 0x0a] }
        }
        if lines.count < rows { bytes += Array("\r\n\u{1b}[J".utf8) }
        return bytes
    }

    /// The title, two lines of figures, one of times, the caps and the curve; fewer where there is little room.
    private static func headRows(_ rows: Int) -> Int { min(6, max(rows - 6, 1)) }

    private static func tabs(_ model: TopModel, _ columns: Int, _ colour: Bool) -> TopLine {
        var line = TopLine(columns, colour: colour)
        let isNarrow = columns < 60
        for tab in TopModel.Tab.allCases {
            let count = tab == .open && model.openTotal > 0 ? " \(model.openTotal)" : ""
            let title = isNarrow && tab == .requests ? "Req" : tab.title
            line.put(" \(title)\(count) ", tab == model.tab ? .inverse : .plain)
        }
        if model.isPaused {
            line.put("  paused", .yellow)
            if model.waiting > 0 { line.put(", \(model.waiting) new", .yellow) }
        }
        if !model.filter.isEmpty, model.mode != .filtering { line.put("  /\(model.filter)", .cyan) }
        return line
    }

    /// The keys that do something in a list.
    private static func keys(_ tab: TopModel.Tab, _ columns: Int) -> String {
        let own =
            switch tab {
            case .requests: "enter details"
            case .open: "x close"
            case .refusals, .clients, .hosts, .users, .rules: "enter its requests"
            }
        if columns < 50 { return "q quit  tab  / find  ? keys" }
        if columns < 90 { return "q quit  tab  / find  s sort  \(own)  ? keys" }
        return "q quit   tab next list   ↑↓ move   \(own)   s sort   / filter   p pause   ? keys"
    }

    private static func foot(_ model: TopModel, _ columns: Int, _ colour: Bool) -> TopLine {
        var line = TopLine(columns, colour: colour)
        switch model.mode {
        case .filtering:
            line.put("/", .cyan)
            // The end of a long filter is where the user types.
            var shown = model.filter[...]
            while TextWidth.of(String(shown)) > max(columns - 2, 0), !shown.isEmpty { shown.removeFirst() }
            line.put(String(shown))
            line.put("█", .dim)
        case .confirming(let row):
            line.put("Close? y/n ", .yellow)
            line.put(row.name)
        case .detail: line.put("↑↓ move   esc back", .dim)
        case .help: line.put("any key goes back", .dim)
        case .browsing:
            if let notice = model.notice {
                line.put(notice, .yellow)
            } else {
                line.put(keys(model.tab, columns), .dim)
            }
        }
        return line
    }
}
