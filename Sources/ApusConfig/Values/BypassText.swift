internal import ApusPolicy

/// A host that does not go to a parent, as it is written: what `to` takes, and `.corp.example` for a name with all under it.
enum BypassText {
    static let expected = "hosts, as [.corp.example, 10.0.0.0/8]"

    /// Reads one entry.
    static func parse(_ text: String) throws(ValueFault) -> [HostPattern] {
        guard text.hasPrefix("."), !text.hasPrefix("..") else { return [try HostPatternText.parse(text)] }
        let name = String(text.dropFirst())
        guard case .name(let plain) = try HostPatternText.parse(name) else {
            throw ValueFault("\"\(text)\" begins with a dot, and is no name; write \(name)")
        }
        return [.name(plain), .under(plain)]
    }

    /// Reads several.
    static func parse(_ texts: [String]) throws(ValueFault) -> [HostPattern] {
        var patterns: [HostPattern] = []
        for text in texts { patterns += try parse(text) }
        return patterns
    }

    /// As they are written.
    static func describe(_ patterns: [HostPattern]) -> [String] {
        var texts: [String] = []
        var place = 0
        while place < patterns.count {
            if place + 1 < patterns.count, case .name(let name) = patterns[place],
                patterns[place + 1] == .under(name)
            {
                texts.append(".\(name)")
                place += 2
            } else {
                texts.append(patterns[place].description)
                place += 1
            }
        }
        return texts
    }

    /// Names that are meant alone here, and that NO_PROXY would take with all under them.
    static func bare(_ patterns: [HostPattern]) -> [String] {
        patterns.compactMap { pattern in
            guard case .name(let name) = pattern, name != "localhost" else { return nil }
            return patterns.contains(.under(name)) ? nil : name
        }
    }

    /// What there is to say of such a name.
    static func warning(_ name: String) -> String {
        "\(name) is that name alone, where NO_PROXY would take all under it as well; write .\(name) for both"
    }
}
