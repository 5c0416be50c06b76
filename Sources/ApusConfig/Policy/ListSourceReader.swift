internal import ApusPolicy

/// Reads `lists`: names with files.
struct ListSourceReader {
    let file: String

    /// The lists in the order of the file; one with a fault is left out.
    func read(_ node: SettingsNode, _ findings: inout Findings) -> [ListSource] {
        let expected = "names with files, ads: { file: hosts.txt, format: hosts }"
        return findings.entries(node, "lists", expected: expected).compactMap { source($0, &findings) }
    }

    private func source(_ entry: SettingsNode.Entry, _ findings: inout Findings) -> ListSource? {
        let key = "lists.\(entry.key)"
        let expected = "{ file: hosts.txt, format: hosts, refresh: 1h }"
        guard findings.value(entry.place, entry.key, of: "lists", PlainText.token) != nil else { return nil }
        var path: (text: String, place: SourcePosition)?
        var format: ListSource.Format?
        var refresh: Duration?
        let entries = findings.entries(entry.value, key, expected: expected)
        if let url = entries.first(where: { $0.key == "url" || $0.value.text?.contains("://") == true }) {
            findings.fault(
                url.place,
                "\(key): a list is a file, and Apus fetches none: fetch it by a timer, curl -o hosts.txt URL, and write file: hosts.txt"
            )
            return nil
        }
        for part in entries {
            switch part.key {
            case "file":
                let text = findings.text(part.value, "\(key).file", expected: "a path, as hosts.txt")
                path = text.map { (FilePath.resolve($0, beside: file), part.value.place) }
            case "format": format = findings.choice(part.value, "\(key).format")
            case "refresh":
                refresh = findings.value(part.value, "\(key).refresh", expected: "a time, as 1h", Self.refresh)
            default: findings.unknown(part, in: key, among: ["file", "format", "refresh"])
            }
        }
        guard case .mapping = entry.value.content else { return nil }
        for required in ["file", "format"] where entry.value[required] == nil {
            findings.fault(entry.value.place, "\(key) has no \(required); it takes \(expected)")
        }
        guard let path, let format else { return nil }
        return ListSource(name: entry.key, file: path.text, format: format, refresh: refresh, place: path.place)
    }

    private static func refresh(_ text: String) throws(ValueFault) -> Duration {
        let span = try TimeSpan.parse(text)
        if span < .seconds(1) { throw ValueFault("\"\(text)\" is too often; it takes 1s or more, or leave it out") }
        return span
    }
}
