internal import ApusPolicy

/// What was found in a file while it was read: all of it, so that nobody mends one fault to meet the next.
struct Findings {
    private(set) var faults: [FileFault] = []
    private(set) var warnings: [FileFault] = []
    private var told: Set<FileFault> = []

    /// A fault; what is read for more than one purpose is told once.
    mutating func fault(_ place: SourcePosition, _ message: String) {
        let fault = FileFault(place, message)
        if told.insert(fault).inserted { faults.append(fault) }
    }

    mutating func warn(_ place: SourcePosition, _ message: String) {
        let warning = FileFault(place, message)
        if told.insert(warning).inserted { warnings.append(warning) }
    }

    /// The value of a text, or a fault at its place; `key` is what it is read for.
    mutating func value<Value>(
        _ place: SourcePosition,
        _ text: String,
        of key: String,
        _ parse: (String) throws(ValueFault) -> Value
    ) -> Value? {
        do { return try parse(text) } catch {
            fault(place, "\(key): \(error.message)")
            return nil
        }
    }

    /// In the order of the file.
    func sorted() -> Findings {
        var copy = self
        copy.faults.sort(by: FileFault.inOrder)
        copy.warnings.sort(by: FileFault.inOrder)
        return copy
    }
}
