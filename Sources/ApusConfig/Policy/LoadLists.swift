internal import ApusPolicy

/// A list of a million names takes some 20 MB.
private let largestList = 256 << 20

/// Reads the files of all lists; one that cannot be read is a fault where its path stands, lines that are passed over are a warning.
func loadLists(_ sources: [ListSource], _ files: FileAccess, _ findings: inout Findings) -> [String: HostList] {
    var lists: [String: HostList] = [:]
    for source in sources {
        do {
            let reading = source.format.read(try files.read(source.file, largestList))
            lists[source.name] = reading.list
            if let warning = warning(source, reading) { findings.warn(source.place, warning) }
        } catch {
            findings.fault(source.place, "lists.\(source.name): \(source.file): \(error.message)")
        }
    }
    return lists
}

/// What is passed over in a list deserves a word where it is more than the odd line, or all of it.
private func warning(_ source: ListSource, _ reading: HostListReading) -> String? {
    guard reading.entries == 0 || reading.skipped > reading.entries else { return nil }
    let first = reading.faults.first.map { "; \($0)" } ?? ""
    let skipped = reading.skipped == 0 ? "" : ", and \(reading.skipped) lines are passed over\(first)"
    let count = reading.entries == 1 ? "1 entry" : "\(reading.entries) entries"
    return "lists.\(source.name): \(source.file): \(count) as `format: \(source.format.rawValue)`\(skipped)"
}
