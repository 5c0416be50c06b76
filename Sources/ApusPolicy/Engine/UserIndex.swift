/// Which rows speak of a user: the users that a policy names, by number, with the rows of each.
///
/// Not copyable, so that nothing of it is retained for a question.
struct UserIndex: ~Copyable, Sendable {
    /// By number.
    private(set) var names: [String] = []
    private var numbers: [ExactName: UInt32] = [:]
    /// The rows that name each user, directly or by a group.
    private var rows: [Int32] = []
    /// The groups that rows name, by number, and the rows that name each.
    private var groupNumbers: [ExactName: Int] = [:]
    private var groupRows: [Int32] = []
    /// The rows for whoever is known, for whoever is not, and for a user that none names.
    private var known = 0
    private var unknown = 0
    /// Whether a row names users.
    private(set) var isAsked = false

    init(_ rows: PolicyRows, groups: [String: [String]], width: Int, pool: inout RowPool, bits: inout BitPool) {
        var found: [ExactName: Set<UInt16>] = [:]
        for members in groups.values {
            for name in members { found[ExactName(name)] = [] }
        }
        var open: [UInt16] = []
        var anyone: [UInt16] = []
        var waiting: [UInt16] = []
        for (place, row) in rows.conditions.enumerated() {
            let number = UInt16(place)
            if row.users.isEmpty { open.append(number) }
            if row.users.contains(.anyone) { anyone.append(number) }
            if !row.users.isEmpty && rows.asks[place] { waiting.append(number) }
            for name in UserIndex.named(row.users, groups) { found[ExactName(name), default: []].insert(number) }
        }
        isAsked = open.count < rows.conditions.count
        known = bits.add(BitPool.bits(open + anyone, width: width))
        unknown = bits.add(BitPool.bits(open + waiting, width: width))
        let sorted = found.keys.sorted()
        names = sorted.map(\.text)
        for (number, name) in sorted.enumerated() {
            numbers[name] = UInt32(number)
            self.rows.append(pool.add(found[name] ?? []))
        }
        for (number, group) in UserIndex.groups(rows.conditions).sorted(by: { $0.key < $1.key }).enumerated() {
            groupNumbers[group.key] = number
            groupRows.append(pool.add(group.value))
        }
    }

    /// The groups that conditions name, with their rows.
    static func groups(_ conditions: [Condition]) -> [ExactName: Set<UInt16>] {
        var found: [ExactName: Set<UInt16>] = [:]
        for (place, row) in conditions.enumerated() {
            for case .group(let name) in row.users { found[ExactName(name), default: []].insert(UInt16(place)) }
        }
        return found
    }

    private static func named(_ patterns: [UserPattern], _ groups: [String: [String]]) -> [String] {
        patterns.flatMap { pattern -> [String] in
            switch pattern {
            case .anyone: []
            case .user(let name): [name]
            case .group(let name): groups[name] ?? []
            }
        }
    }

    /// The number of a user whom the policy names.
    func number(_ name: String) -> UInt32? { numbers[ExactName(name)] }

    /// The number of a group that a row names.
    func group(_ name: String) -> Int? { groupNumbers[ExactName(name)] }

    /// Sets the bits of all rows that name one of the groups.
    func lay(_ groups: GroupSet, _ sets: borrowing RowSets, _ words: inout [UInt64], _ start: Int) {
        groups.forEach { number in
            if number < groupRows.count { sets.lay(groupRows[number], into: &words, at: start) }
        }
    }

    /// Where the set of rows begins that a question's bits begin with, before those that name the user.
    @inline(__always)
    func base(_ who: PolicyQuery.Who) -> Int {
        switch who {
        case .unknown: unknown
        case .user, .stranger: known
        }
    }

    /// The set of rows that name the user.
    @inline(__always)
    func set(_ who: PolicyQuery.Who) -> Int32 {
        guard case .user(let number) = who, Int(number) < rows.count else { return RowPool.none }
        return rows[Int(number)]
    }
}
