internal import ApusPolicy

/// One entry of a list, with its place.
struct ListItem: Equatable {
    let text: String
    let place: SourcePosition
}

/// Nodes as values of a kind, or a fault that says what was expected.
extension Findings {
    /// A text that is not empty; `key` names it, `expected` is what it takes.
    mutating func text(_ node: SettingsNode, _ key: String, expected: String) -> String? {
        switch node.content {
        case .faulty: return nil
        case .scalar(let text) where !text.isEmpty: return text
        case .scalar, .empty: fault(node.place, "\(key) says nothing; it takes \(expected)")
        case .list, .mapping: fault(node.place, "\(key) takes \(expected); this is \(node.kind)")
        }
        return nil
    }

    /// The value of a text that is not empty.
    mutating func value<Value>(
        _ node: SettingsNode,
        _ key: String,
        expected: String,
        _ parse: (String) throws(ValueFault) -> Value
    ) -> Value? {
        guard let text = text(node, key, expected: expected) else { return nil }
        do { return try parse(text) } catch {
            fault(node.place, "\(key): \(error.message)")
            return nil
        }
    }

    /// One of a few words; `meant` are words of other programs, with what is meant by them here.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: SettingsNode,
        _ key: String,
        meant: [String: String] = [:]
    ) -> Choice? {
        let words = Choice.allCases.map(\.rawValue)
        let expected = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        guard let text = text(node, key, expected: expected) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let nearest = meant[text.lowercased()] ?? NearestName.of(text.lowercased(), among: words)
        let hint = nearest.map { "; did you mean \($0)?" } ?? ""
        fault(node.place, "\(key): \"\(text)\" is unknown; it takes \(expected)\(hint)")
        return nil
    }

    /// The entries of a list, or of one text, in which commas part them.
    ///
    /// A list that is empty is a fault: a part of a rule that says nothing would match everything.
    mutating func items(_ node: SettingsNode, _ key: String, expected: String, byCommas: Bool = true) -> [ListItem] {
        var items: [ListItem] = []
        switch node.content {
        case .list(let nodes):
            for node in nodes {
                if let text = text(node, key, expected: expected) { items.append(.init(text: text, place: node.place)) }
            }
            if nodes.isEmpty { fault(node.place, "\(key) is an empty list; it takes \(expected)") }
        default:
            guard let text = text(node, key, expected: expected) else { return [] }
            for item in byCommas ? text.items : [text] { items.append(.init(text: item, place: node.place)) }
        }
        return items
    }

    /// The values of the entries of a list, or of one text.
    mutating func values<Value>(
        _ node: SettingsNode,
        _ key: String,
        expected: String,
        byCommas: Bool = true,
        _ parse: (String) throws(ValueFault) -> Value
    ) -> [Value] {
        var values: [Value] = []
        for item in items(node, key, expected: expected, byCommas: byCommas) {
            do { values.append(try parse(item.text)) } catch { fault(item.place, "\(key): \(error.message)") }
        }
        return values
    }

    /// The entries of a mapping; an empty one has none.
    mutating func entries(_ node: SettingsNode, _ key: String, expected: String) -> [SettingsNode.Entry] {
        switch node.content {
        case .mapping(let entries): return entries
        case .faulty: return []
        case .empty: fault(node.place, "\(key) says nothing; it takes \(expected)")
        case .scalar, .list: fault(node.place, "\(key) takes \(expected); this is \(node.kind)")
        }
        return []
    }

    /// A key that is none of those that `owner` has; `meant` are keys of other programs, with what is meant by them here.
    mutating func unknown(
        _ entry: SettingsNode.Entry,
        in owner: String,
        among keys: [String],
        meant: [String: String] = [:]
    ) {
        let nearest = meant[entry.key] ?? NearestName.of(entry.key, among: keys)
        let hint = nearest.map { "did you mean \($0)?" } ?? "it takes \(keys.joined(separator: ", "))"
        fault(entry.place, "\(owner) has no key \(entry.key); \(hint)")
    }
}
