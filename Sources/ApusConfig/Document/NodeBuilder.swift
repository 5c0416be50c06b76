internal import ApusPolicy

/// Makes ``SettingsNode``s of libyaml's events: with aliases and merge keys resolved, in bounds, and keys that are there twice told.
struct NodeBuilder: ~Copyable {
    private var events: YamlEvents
    private let file: String
    /// What stands for `*` in the text that libyaml was given.
    private let star: Unicode.Scalar
    private let mostNodes: Int
    private var anchors: [String: (node: SettingsNode, size: Int)] = [:]
    private var size = 0
    private var isTooLarge = false

    /// - Parameter mostNodes: how many nodes a file may have, aliases counted as what they stand for.
    init(file: String, star: Unicode.Scalar, mostNodes: Int = 1_000_000, _ events: consuming YamlEvents) {
        self.file = file
        self.star = star
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
        let before = size
        let place = place(event)
        guard take(1) else {
            tellTooLarge(place, "here", &findings)
            try skip(event)
            return SettingsNode(.faulty, place)
        }
        refuseTag(event.tag, place, &findings)
        let result: SettingsNode
        switch event.kind {
        case .scalar(let text, let isPlain): result = scalar(text, isPlain, place, &findings)
        case .list: result = SettingsNode(.list(try items(&findings)), place)
        case .mapping: result = SettingsNode(.mapping(try entries(&findings)), place)
        // Every * was replaced: libyaml sees no alias.
        default: result = SettingsNode(.faulty, place)
        }
        if let anchor = event.anchor { anchors[anchor] = (result, size - before) }
        return result
    }

    private mutating func scalar(_ text: String, _ isPlain: Bool, _ place: SourcePosition, _ findings: inout Findings)
        -> SettingsNode
    {
        guard isPlain else { return SettingsNode(.scalar(restored(text)), place) }
        if text.unicodeScalars.first == star {
            return alias(restored(String(text.unicodeScalars.dropFirst())), place, &findings)
        }
        if ["", "~", "null", "Null", "NULL"].contains(text) { return SettingsNode(.empty, place) }
        return SettingsNode(.scalar(restored(text)), place)
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

    /// What a plain `*…` stands for: an alias, or a pattern whose quotes were forgotten.
    private mutating func alias(_ name: String, _ place: SourcePosition, _ findings: inout Findings) -> SettingsNode {
        let isName = name.utf8.allSatisfy { byte in
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "_-".utf8.contains(byte)
        }
        guard !name.isEmpty, isName else {
            findings.fault(place, "YAML takes a * in front for a reference; put it in quotes: \"*\(name)\"")
            return SettingsNode(.faulty, place)
        }
        guard let target = anchors[name] else {
            let nearest = NearestName.of(name, among: anchors.keys.sorted()).map { "; did you mean *\($0)?" }
            findings.fault(place, "there is no &\(name) above that *\(name) could stand for\(nearest ?? "")")
            return SettingsNode(.faulty, place)
        }
        guard take(target.size) else {
            tellTooLarge(place, "with *\(name)", &findings)
            return SettingsNode(.faulty, place)
        }
        return target.node
    }

    /// Counts so many nodes, if there is room for them.
    private mutating func take(_ count: Int) -> Bool {
        guard count <= mostNodes - size else { return false }
        size += count
        return true
    }

    private mutating func tellTooLarge(_ place: SourcePosition, _ words: String, _ findings: inout Findings) {
        if !isTooLarge { findings.fault(place, "\(words) the file has more than \(mostNodes) values") }
        isTooLarge = true
    }

    private mutating func entries(_ findings: inout Findings) throws(YamlFault) -> [SettingsNode.Entry] {
        var entries: [SettingsNode.Entry] = []
        var seen: [String: SourcePosition] = [:]
        var merged: [SettingsNode] = []
        while true {
            let event = try events.next()
            if event.kind == .mappingEnd { break }
            let place = place(event)
            guard let (name, isPlain) = key(event) else {
                let isText = if case .scalar = event.kind { true } else { false }
                findings.fault(place, "a key is a text; this is \(isText ? "a reference" : "a list or a mapping")")
                try skip(event)
                try skip(try events.next())
                continue
            }
            let node = try build(try events.next(), &findings)
            if let first = seen[name] {
                findings.fault(place, "\(name) is given again; it is there in line \(first.line) already")
                continue
            }
            seen[name] = place
            if name == "<<" && isPlain {
                merged.append(node)
            } else {
                entries.append(.init(key: name, place: place, value: node))
            }
        }
        for node in merged { merge(node, into: &entries, &findings) }
        return entries
    }

    /// The key that is this event; nil if it is none.
    private func key(_ event: YamlEvent) -> (name: String, isPlain: Bool)? {
        guard case .scalar(let text, let isPlain) = event.kind, !isPlain || text.unicodeScalars.first != star else {
            return nil
        }
        return (restored(text), isPlain)
    }

    /// `<<: *base` (YAML 1.1's merge key): what is not given here comes from there, the first of a list winning.
    private func merge(_ node: SettingsNode, into entries: inout [SettingsNode.Entry], _ findings: inout Findings) {
        switch node.content {
        case .mapping(let others):
            var names = Set(entries.map(\.key))
            for other in others where names.insert(other.key).inserted { entries.append(other) }
        case .list(let nodes) where nodes.allSatisfy { if case .mapping = $0.content { true } else { false } }:
            for node in nodes { merge(node, into: &entries, &findings) }
        case .faulty: break
        default:
            findings.fault(node.place, "<< takes a mapping, or a list of mappings; this is \(node.kind)")
        }
    }

    private func refuseTag(_ tag: String?, _ place: SourcePosition, _ findings: inout Findings) {
        let plain = ["!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
        if let tag, !plain.contains(tag) {
            findings.fault(place, "tags such as !!int are not needed here; leave it out")
        }
    }

    private func place(_ event: YamlEvent) -> SourcePosition {
        SourcePosition(file: file, line: event.line, column: event.column)
    }

    /// The text with the stars that it has in the file.
    private func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(star) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == star ? "*" : $0 }))
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
