/// Which known name a misspelt one was meant to be.
package enum NearestName {
    /// The name with the fewest edits to `word`, if these are few enough to be a slip; else one that starts with it.
    package static func of(_ word: String, among names: [String]) -> String? {
        var best: (name: String, edits: Int)?
        for name in names {
            let edits = distance(Array(word.utf8), Array(name.utf8))
            if edits < best?.edits ?? .max { best = (name, edits) }
        }
        if let best, best.edits <= max(1, min(word.utf8.count, best.name.utf8.count) / 3) { return best.name }
        guard word.utf8.count >= 3 else { return nil }
        return names.first { $0.hasPrefix(word) } ?? names.first { $0.hasSuffix("-" + word) }
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var edits = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    edits = min(edits, beforeLast[column - 1] + 1)
                }
                current.append(edits)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
