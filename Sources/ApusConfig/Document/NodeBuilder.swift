internal import ApusPolicy

/// Makes ``SettingsNode``s of libyaml's events: in bounds, and with keys that are there twice told.
///
/// Anchors, aliases, merge keys and tags are refused: what a rule says stands where the rule is, and no file grows while it is read.
struct NodeBuilder: ~Copyable {
    private var events: YamlEvents
    private let file: String
    private let mostNodes: Int
    private var size = 0
    private var isTooLarge = false

    /// - Parameter mostNodes: how many nodes a file may have.
    init(file: String, mostNodes: Int = 1_000_000, _ events: consuming YamlEvents) {
        self.file = file
        self.mostNodes = mostNodes
        self.events = events
    }

    /// The root of the only document; nil if there is none.
    mutating func document(_ findings: inout Findings) throws(YamlFault) -> SettingsNode? {
        guard try events.next().kind == .document else { return nil }
        let root = try build(try events.next(), &findings)
        // Its end, and then nothing more.
        _ = try events.next()
        let behind = try events.next()
        guard behind.kind == .end else {
            throw YamlFault(kind: .secondDocument, problem: "", line: behind.line, column: behind.column, opened: nil)
        }
        return root
    }

    /// The node that begins with this event, with all below it; what is at fault is left out.
    private mutating func build(_ event: YamlEvent, _ findings: inout Findings) throws(YamlFault) -> SettingsNode {
        let place = place(event)
        guard size < mostNodes else {
            if !isTooLarge { findings.fault(place, "here the file has more than \(mostNodes) values") }
            isTooLarge = true
            try skip(event)
            return SettingsNode(.faulty, place)
        }
        size += 1
        refuseMarks(of: event, place, &findings)
        switch event.kind {
        case .scalar(let text, let isPlain):
            let isEmpty = isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
            if isPlain, let bare = TypographicQuotes.inside(text) {
                findings.fault(place, "these are typographic quotes; write \(YAMLText.quoted(bare))")
                return SettingsNode(.faulty, place)
            }
            return SettingsNode(isEmpty ? .empty : .scalar(text), place)
        case .list: return SettingsNode(.list(try items(&findings)), place)
        case .mapping: return SettingsNode(.mapping(try entries(&findings)), place)
        default: return SettingsNode(.faulty, place)
        }
    }

    private mutating func items(_ findings: inout Findings) throws(YamlFault) -> [SettingsNode] {
        var items: [SettingsNode] = []
        while true {
            let event = try events.next()
            if event.kind == .listEnd { return items }
            items.append(try build(event, &findings))
        }
    }

    /// Reads to the end of the node that begins with this event.
    private mutating func skip(_ event: YamlEvent) throws(YamlFault) {
        var depth = event.kind.opens
        while depth > 0 { depth += try events.next().kind.opens }
    }

    private mutating func entries(_ findings: inout Findings) throws(YamlFault) -> [SettingsNode.Entry] {
        var entries: [SettingsNode.Entry] = []
        var seen: [String: SourcePosition] = [:]
        while true {
            let event = try events.next()
            if event.kind == .mappingEnd { return entries }
            let place = place(event)
            refuseMarks(of: event, place, &findings)
            guard case .scalar(let name, let isPlain) = event.kind else {
                if event.kind != .alias { findings.fault(place, "a key is a text; this is a list or a mapping") }
                try skip(event)
                try skip(try events.next())
                continue
            }
            if name == "<<" && isPlain {
                findings.fault(
                    place,
                    "<< puts no other mapping in here; write the keys that it stands for, or \"<<\" for a text"
                )
                try skip(try events.next())
                continue
            }
            let node = try build(try events.next(), &findings)
            if let first = seen[name] {
                findings.fault(place, "\(name) is given again; it is there in line \(first.line) already")
                continue
            }
            seen[name] = place
            entries.append(.init(key: name, place: place, value: node))
        }
    }

    /// Tells of an anchor, an alias or a tag, on a key as on a value.
    private func refuseMarks(of event: YamlEvent, _ place: SourcePosition, _ findings: inout Findings) {
        if let name = event.anchor {
            if event.kind == .alias {
                findings.fault(
                    place,
                    "YAML's aliases are not taken: in place of *\(name) write the value itself (lists and groups name "
                        + "hosts and users once), or in quotes if a text is meant: \"*\(name)\""
                )
            } else {
                findings.fault(
                    place,
                    "YAML's anchors are not taken: leave &\(name) out, and write the value wherever it is needed (lists "
                        + "and groups name hosts and users once), or in quotes if a text is meant: \"&\(name)\""
                )
            }
        }
        let plain = ["!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
        if let tag = event.tag, !plain.contains(tag) {
            findings.fault(place, "tags such as !!int are not needed here; leave it out")
        }
    }

    private func place(_ event: YamlEvent) -> SourcePosition {
        SourcePosition(file: file, line: event.line, column: event.column)
    }
}

extension YamlEvent.Kind {
    /// How many collections it opens: -1 for the end of one.
    fileprivate var opens: Int {
        switch self {
        case .list, .mapping: 1
        case .listEnd, .mappingEnd: -1
        default: 0
        }
    }
}
