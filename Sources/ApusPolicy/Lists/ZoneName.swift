import ApusWire

/// Names of a zone file made absolute, and relative to the zone again.
struct ZoneName {
    /// The label that stands for a zone whose name the file does not tell; no file can write it as a name.
    private static let unknown: [UInt8] = [1]

    /// What relative names are relative to, without the last dot; empty for the root.
    private(set) var origin = unknown
    /// The zone's own name; nil until it is known.
    private(set) var apex: [UInt8]?

    /// Follows `$ORIGIN`.
    mutating func setOrigin(_ bytes: Span<UInt8>, _ word: Range<Int>) {
        var name: [UInt8] = []
        write(bytes, word, into: &name)
        origin = name
    }

    /// Learns the zone's name from the owner of its SOA, or from the origin of the first record.
    mutating func setApex(_ name: [UInt8]) {
        if apex == nil { apex = name }
    }

    /// Writes a name in lower case, absolute and without the last dot.
    func write(_ bytes: Span<UInt8>, _ word: Range<Int>, into name: inout [UInt8]) {
        name.removeAll(keepingCapacity: true)
        if word.count == 1, bytes[word.lowerBound] == Ascii.at {
            name.append(contentsOf: origin)
            return
        }
        let bare = HostName.withoutTrailingDot(bytes, word)
        for index in bare { name.append(ByteClass.lowercased(bytes[index])) }
        guard bare == word, !origin.isEmpty else { return }
        name.append(Ascii.dot)
        name.append(contentsOf: origin)
    }

    /// How many bytes of an absolute name stand in front of the zone's; 0 for the zone itself, nil outside of it.
    func relativeCount(_ name: [UInt8]) -> Int? {
        guard let apex, !apex.isEmpty else { return name.count }
        let rest = name.count - apex.count
        guard rest >= 0, TextLines.hasSuffix(name.span, 0..<name.count, apex) else { return nil }
        if rest == 0 { return 0 }
        return rest > 1 && name[rest - 1] == Ascii.dot ? rest - 1 : nil
    }
}
