/// Sets of parts of the addresses, while it is found out what could come of a name.
///
/// It takes the room that a policy needs once, and keeps it.
struct PartScratch: Sendable {
    private var width = 0
    private var count = 0
    /// The parts that no rule has taken, then for each level of exceptions those that match and those that depend on the user.
    private var words: [UInt64] = []
    /// Whether the last row took a part that was left; whether it would at least ask for credentials there.
    private(set) var took = false
    private(set) var tookAsking = false

    /// All parts are left.
    mutating func begin(_ parts: Int) {
        count = parts
        width = (parts &+ 63) &>> 6
        let needed = width &* (1 &+ 2 &* (PolicyRows.deepest &+ 2))
        if words.count < needed { words += [UInt64](repeating: 0, count: needed &- words.count) }
        fill(0)
    }

    /// Whether no part is left.
    var isOver: Bool {
        for word in 0..<width where words[word] != 0 { return false }
        return true
    }

    /// A row matches nowhere.
    mutating func takeNone() {
        took = false
        tookAsking = false
    }

    /// A row matches everywhere, or depends on the user everywhere.
    mutating func takeAll(asking: Bool) {
        let isLeft = !isOver
        took = isLeft && !asking
        tookAsking = isLeft && asking
        for word in 0..<width { words[word] = 0 }
    }

    /// A row matches where it was laid out.
    mutating func takeLaid() {
        takeNone()
        let (matching, open) = (matching(0), open(0))
        for word in 0..<width {
            let left = words[word]
            if left & words[matching &+ word] != 0 { took = true }
            if left & words[open &+ word] != 0 { tookAsking = true }
            words[word] = left & ~(words[matching &+ word] | words[open &+ word])
        }
    }

    // MARK: - What one row matches

    /// Nothing.
    mutating func clear(_ level: Int) {
        let start = matching(level)
        for word in start..<start &+ 2 &* width { words[word] = 0 }
    }

    /// One more part.
    mutating func add(_ part: Int, _ level: Int, asking: Bool) {
        let start = asking ? open(level) : matching(level)
        words[start &+ part &>> 6] |= 1 &<< UInt64(part & 63)
    }

    /// Every part.
    mutating func addAll(_ level: Int, asking: Bool) { fill(asking ? open(level) : matching(level)) }

    /// What it matches depends on the user as well.
    mutating func ask(_ level: Int) {
        let (matching, open) = (matching(level), open(level))
        for word in 0..<width {
            words[open &+ word] |= words[matching &+ word]
            words[matching &+ word] = 0
        }
    }

    /// An exception was laid out on the next level: where it matches the row does not, where it depends on the user the row does too.
    mutating func except(_ level: Int) {
        let (matching, open) = (matching(level), open(level))
        let (excepted, doubtful) = (self.matching(level &+ 1), self.open(level &+ 1))
        for word in 0..<width {
            words[matching &+ word] &= ~words[excepted &+ word]
            words[open &+ word] &= ~words[excepted &+ word]
            words[open &+ word] |= words[matching &+ word] & words[doubtful &+ word]
            words[matching &+ word] &= ~words[doubtful &+ word]
        }
    }

    private func matching(_ level: Int) -> Int { width &* (1 &+ 2 &* level) }
    private func open(_ level: Int) -> Int { width &* (2 &+ 2 &* level) }

    private mutating func fill(_ start: Int) {
        for word in 0..<width { words[start &+ word] = .max }
        let rest = count & 63
        if rest != 0 { words[start &+ width &- 1] = 1 &<< UInt64(rest) &- 1 }
    }
}
