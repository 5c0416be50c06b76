internal import ApusPolicy
internal import Yams

/// Makes ``SettingsNode``s of Yams's: with aliases and merge keys resolved, in bounds, and keys that are there twice told.
struct NodeBuilder {
    /// How many nodes a file may have, aliases counted as what they stand for.
    static let mostNodes = 1_000_000

    /// Characters that stand for others in the text that Yams was given.
    var markers: [Unicode.Scalar: Unicode.Scalar]
    private let file: String
    private let star: Unicode.Scalar
    private var anchors: [String: (node: SettingsNode, size: Int)] = [:]
    private var size = 0
    private var isTooLarge = false

    init(file: String, star: Unicode.Scalar) {
        self.file = file
        self.star = star
        markers = [star: "*"]
    }

    /// The node with all below it; what is at fault is left out.
    mutating func build(_ node: Node, _ findings: inout Findings) -> SettingsNode {
        let before = size
        size += 1
        let place = place(node.mark)
        let result: SettingsNode
        switch node {
        case .scalar(let scalar):
            refuseTag(scalar.tag, place, &findings)
            result = build(scalar, place, &findings)
        case .sequence(let sequence):
            refuseTag(sequence.tag, place, &findings)
            var items: [SettingsNode] = []
            for item in sequence { items.append(build(item, &findings)) }
            result = SettingsNode(.list(items), place)
        case .mapping(let mapping):
            refuseTag(mapping.tag, place, &findings)
            result = SettingsNode(.mapping(entries(mapping, &findings)), place)
        case .alias:
            // Parsers resolve aliases; only code makes such nodes.
            result = SettingsNode(.empty, place)
        }
        if let anchor = node.anchorName { anchors[anchor] = (result, size - before) }
        return result
    }

    private mutating func build(_ scalar: Node.Scalar, _ place: SourcePosition, _ findings: inout Findings)
        -> SettingsNode
    {
        guard scalar.style == .plain else { return SettingsNode(.scalar(restored(scalar.string)), place) }
        if scalar.string.unicodeScalars.first == star {
            return alias(restored(String(scalar.string.unicodeScalars.dropFirst())), place, &findings)
        }
        if ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return SettingsNode(.empty, place) }
        return SettingsNode(.scalar(restored(scalar.string)), place)
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
        guard target.size <= Self.mostNodes - size else {
            if !isTooLarge { findings.fault(place, "with *\(name) the file has more than \(Self.mostNodes) values") }
            isTooLarge = true
            return SettingsNode(.faulty, place)
        }
        size += target.size
        return target.node
    }

    private mutating func entries(_ mapping: Node.Mapping, _ findings: inout Findings) -> [SettingsNode.Entry] {
        var entries: [SettingsNode.Entry] = []
        var seen: [String: SourcePosition] = [:]
        var merged: [SettingsNode] = []
        for (key, value) in mapping {
            let place = place(key.mark)
            guard case .scalar(let scalar) = key, scalar.style != .plain || scalar.string.unicodeScalars.first != star
            else {
                findings.fault(
                    place,
                    "a key is a text; this is \(key.scalar == nil ? "a list or a mapping" : "a reference")"
                )
                continue
            }
            let name = restored(scalar.string)
            let node = build(value, &findings)
            if let first = seen[name] {
                findings.fault(place, "\(name) is given again; it is there in line \(first.line) already")
                continue
            }
            seen[name] = place
            if name == "<<" && scalar.style == .plain {
                merged.append(node)
            } else {
                entries.append(.init(key: name, place: place, value: node))
            }
        }
        for node in merged { merge(node, into: &entries, &findings) }
        return entries
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

    private func refuseTag(_ tag: Tag, _ place: SourcePosition, _ findings: inout Findings) {
        let plain = ["", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
        if !plain.contains(tag.description) {
            findings.fault(place, "tags such as !!int are not needed here; leave it out")
        }
    }

    private func place(_ mark: Mark?) -> SourcePosition {
        SourcePosition(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    /// The text with the characters that it has in the file.
    func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { DocumentText.reserved.contains($0.value) }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { markers[$0] ?? $0 }))
    }
}

extension Node {
    fileprivate var anchorName: String? {
        switch self {
        case .scalar(let scalar): scalar.anchor?.rawValue
        case .sequence(let sequence): sequence.anchor?.rawValue
        case .mapping(let mapping): mapping.anchor?.rawValue
        case .alias: nil
        }
    }
}
