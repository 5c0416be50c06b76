internal import ApusPolicy

/// A list of a million names takes some 20 MB.
private let largestList = 256 << 20

/// Reads the files of all lists; one that cannot be read is a fault where its path stands.
func loadLists(_ sources: [ListSource], _ files: FileAccess, _ findings: inout Findings) -> [String: HostList] {
    var lists: [String: HostList] = [:]
    for source in sources {
        do {
            lists[source.name] = HostList(names: names(try files.read(source.file, largestList), source.format))
        } catch {
            findings.fault(source.place, "lists.\(source.name): \(source.file): \(error.message)")
        }
    }
    return lists
}

/// The names of a list, as far as they stand for themselves.
private func names(_ bytes: [UInt8], _ format: ListSource.Format) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).flatMap { line -> [String] in
        let words = line.prefix { $0 != "#" && $0 != ";" }.split(whereSeparator: \.isWhitespace)
        switch format {
        case .hosts: return words.dropFirst().map { $0.lowercased() }
        case .domains: return words.prefix(1).map { $0.lowercased() }
        case .adblock:
            guard let rule = words.first, rule.hasPrefix("||") else { return [] }
            return [rule.dropFirst(2).prefix { $0 != "^" && $0 != "$" }.lowercased()]
        case .rpz:
            guard words.count > 2, words.contains("CNAME"), let name = words.first else { return [] }
            return [name.lowercased()]
        }
    }
}
