import ApusReport

/// What `apus reload` prints when it has succeeded.
enum ReloadText {
    static func lines(_ value: JSONValue) -> [String] {
        guard let file = value["file"]?.text else {
            return ["there is no settings file to reload: nothing has changed"]
        }
        var changes: [String] = []
        for (key, sign) in [("added", "+"), ("gone", "-"), ("changed", "~"), ("moved", ">")] {
            let entries = value[key]?.elements ?? []
            changes += entries.map { line(sign, $0) }
            let count = value["counts"]?[key]?.whole ?? 0
            if count > Int64(entries.count) { changes.append("  \(sign) and \(count - Int64(entries.count)) more") }
        }
        changes += (value["lists"]?.elements ?? []).map(list)
        changes += texts(value["groups"]).map { "  group \($0) has other members" }
        changes += texts(value["others"]).map { "  \($0) has changed" }
        changes += (value["settings"]?.elements ?? []).map { "  \(setting($0))" }
        let rules = ControlText.count(value["rules"]?.whole ?? 0, "rule")
        var lines = ["reloaded \(file): \(rules)" + (changes.isEmpty ? ", none other than before" : "")]
        lines += changes
        let waiting = value["waiting"]?.elements ?? []
        if !waiting.isEmpty { lines.append("waits for the next start:") }
        lines += waiting.map { "  \(setting($0))" }
        lines += texts(value["warnings"]).map { "warning: \($0)" }
        return lines.map(ControlText.plain)
    }

    private static func texts(_ value: JSONValue?) -> [String] { value?.elements.compactMap(\.text) ?? [] }

    private static func line(_ sign: String, _ entry: JSONValue) -> String {
        let (rule, text) = (entry["rule"]?.text ?? "", entry["text"]?.text ?? "")
        let place = entry["place"]?.text ?? ""
        switch sign {
        case "~": return "  ~ \(rule) (\(place)): \(text); was \(entry["before"]?.text ?? "")"
        case ">": return "  > \(rule) (\(place)): now rule \(entry["to"]?.whole ?? 0), was \(entry["from"]?.whole ?? 0)"
        default: return "  \(sign) \(rule) (\(place)): \(text)"
        }
    }

    private static func list(_ list: JSONValue) -> String {
        let name = list["name"]?.text ?? ""
        switch (list["before"]?.whole, list["after"]?.whole) {
        case (let before?, let after?): return "  list \(name): \(after) entries, was \(before)"
        case (nil, let after?): return "  + list \(name): \(after) entries"
        default: return "  - list \(name)"
        }
    }

    private static func setting(_ change: JSONValue) -> String {
        "\(change["key"]?.text ?? ""): \(change["after"]?.text ?? ""), was \(change["before"]?.text ?? "")"
    }
}
