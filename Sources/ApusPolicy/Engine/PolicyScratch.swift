/// What a thread needs to ask a policy without an allocation, and what it counts there.
///
/// It is made for one snapshot, and takes the size of another one when that is asked with it; the counters are then meant by
/// the numbers of that one's lists.
public struct PolicyScratch: Sendable {
    /// How often each list, by its place in ``CompiledPolicy/listNames``, made the rule match that decided, or that would have
    /// denied in earnest.
    public internal(set) var listHits: [UInt64] = []

    /// What is known of a list or a window, in this question.
    enum Known: UInt8 {
        case nothing, no, yes
    }

    /// The rows left in question, the rows whose host matches, and room for two more sets.
    var words: [UInt64] = []
    /// Of each list, then of each window.
    var known: [Known] = []
    /// What the path is; unread while nobody asked.
    var pathKind = PathForm.Kind.unread
    /// Where a usual path ends.
    var pathEnd = 0
    /// The forms of a path that is not usual.
    var sentPath: [UInt8] = []
    var unifiedPath: [UInt8] = []
    /// The list that made a row match last; -1 for none.
    var list = -1
    /// Limits that match by one address, while they are compared with those by another.
    var bounds: [UInt64] = []
    /// Parts of the addresses, while it is found out what could come of a name.
    var parts = PartScratch()

    /// Room for the questions to a policy.
    public init(_ policy: CompiledPolicy) {
        prepare(policy.index)
    }

    /// Takes the size that a policy needs, and forgets the last question.
    @inline(__always)
    mutating func prepare(_ index: PolicyIndex) {
        let facts = index.lists.count &+ index.rests.windows.count
        if words.count < 4 &* index.width || known.count < facts || listHits.count < index.lists.count {
            grow(index, facts)
        }
        for place in 0..<facts { known[place] = .nothing }
        pathKind = .unread
        list = -1
    }

    /// Finds out what the path is, and writes its forms where they are needed.
    mutating func read(path: Span<UInt8>) {
        let measure = PathForm.measure(path)
        pathEnd = measure.end
        pathKind = .usual
        guard measure.isUnusual else { return }
        let climbs = PathForm.write(path, to: pathEnd, sent: &sentPath, unified: &unifiedPath)
        pathKind = climbs ? .climbing : .written
    }

    private mutating func grow(_ index: PolicyIndex, _ facts: Int) {
        words += [UInt64](repeating: 0, count: max(4 * index.width - words.count, 0))
        known += [Known](repeating: .nothing, count: max(facts - known.count, 0))
        listHits += [UInt64](repeating: 0, count: max(index.lists.count - listHits.count, 0))
    }
}
