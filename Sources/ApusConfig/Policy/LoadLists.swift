internal import ApusPolicy

/// A list of a million names takes some 20 MB.
private let largestList = 256 << 20

/// Reads the files of all lists; one that cannot be read is a fault where its path stands, lines that are passed over are a warning.
///
/// - Parameter policy: its lists are read into it.
func loadLists(_ policy: inout PolicySettings, _ files: FileAccess, _ findings: inout Findings) {
    let sources = policy.lists
    policy.rules.lists = [:]
    policy.skippedLines = [:]
    for source in sources {
        do {
            let bytes = try files.readList(source.file, largestList)
            let reading = source.format.read(bytes)
            policy.rules.lists[source.name] = reading.list
            policy.skippedLines[source.name] = reading.skippedLines
            if endsWithoutNewline(source.file, bytes, files) {
                findings.warn(source.place, "lists.\(source.name): \(source.file): \(unfinished)")
            }
            if let warning = warning(source, reading, bytes) { findings.warn(source.place, warning) }
        } catch {
            findings.fault(source.place, "lists.\(source.name): \(source.file): \(error.message)")
        }
    }
}

/// What is passed over in a list deserves a word, be it one line: whoever wrote it means a host that is not in the list.
private func warning(_ source: ListSource, _ reading: HostListReading, _ bytes: [UInt8]) -> String? {
    guard reading.entries == 0 || reading.skipped > 0 else { return nil }
    let count = reading.entries == 1 ? "1 entry" : "\(reading.entries) entries"
    let read = "lists.\(source.name): \(source.file): \(count) as `format: \(source.format.rawValue)`"
    guard let first = reading.faults.first else { return read }
    let lines = reading.skippedLines == 1 ? "1 line is passed over" : "\(reading.skippedLines) lines are passed over"
    return "\(read), and \(lines); \(first)\(otherFormat(source, reading, bytes))"
}

/// The format that a file which is mostly passed over may be in.
private func otherFormat(_ source: ListSource, _ reading: HostListReading, _ bytes: [UInt8]) -> String {
    guard reading.skipped > reading.entries else { return "" }
    let others = HostListFormat.allCases.filter { $0 != source.format }.map { (format: $0, reading: $0.read(bytes)) }
    guard let best = others.max(by: { $0.reading.entries < $1.reading.entries }),
        best.reading.entries > reading.entries, best.reading.skipped < reading.skipped
    else { return "" }
    return " As `format: \(best.format.rawValue)` it would have \(best.reading.entries)."
}
