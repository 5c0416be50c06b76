import ApusReport

/// What comes by the control socket, in words.
enum ControlText {
    /// A text that is safe on a terminal: no control character.
    static func plain(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.value < 0x20 || 0x7f...0x9f ~= $0.value ? "?" : Character($0) })
    }

    /// `1 rule`, `2 rules`.
    static func count(_ number: Int64, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    /// A line before the last one.
    static func news(_ value: JSONValue) -> String {
        if let text = value["news"]?.text { return plain(text) }
        let clients = value["clients"]?.whole ?? 0
        if clients == 0 { return "nobody is connected any more" }
        let tunnels = value["tunnels"]?.whole ?? 0
        let limit = value["limit"]?.text ?? ""
        return "draining for up to \(limit): \(count(clients, "client")) connected, \(count(tunnels, "tunnel")) open"
    }

    /// What `apus drain` says in the end.
    static func drained(_ value: JSONValue) -> [String] {
        if value["state"]?.text == "ended" { return ["Apus has ended" + closed(value)] }
        return [news(value)] + open(value)
    }

    /// `; 2 clients were cut off`.
    static func closed(_ value: JSONValue) -> String {
        let closed = value["closed"]?.whole ?? 0
        return closed > 0 ? "; \(count(closed, "client")) \(closed == 1 ? "was" : "were") cut off" : ""
    }

    /// What is open, a line each.
    static func open(_ value: JSONValue) -> [String] {
        let elements = value["open"]?.elements ?? []
        var lines = elements.map { open -> String in
            let target = "\(open["host"]?.text ?? ""):\(open["port"]?.whole ?? 0)"
            let user = open["user"]?.text.map { " (\($0))" } ?? ""
            return plain(
                "  \(open["id"]?.text ?? "")  \(open["method"]?.text ?? "") \(target), "
                    + "\(open["phase"]?.text ?? "") for \(StatusText.span(open["seconds"]?.whole ?? 0)), "
                    + "from \(open["client"]?.text ?? "")\(user)"
            )
        }
        let total = value["open_count"]?.whole ?? 0
        if total > Int64(elements.count) { lines.append("  and \(total - Int64(elements.count)) more") }
        return lines
    }
}
