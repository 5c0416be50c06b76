import Testing

@testable import ApusPolicy

@Suite("the index of users")
struct UserIndexTests {
    private func rows(_ rules: PolicyRules, _ who: (UserIndex) -> PolicyQuery.Who) -> [Int] {
        var pool = RowPool(width: 1)
        var bits = BitPool(width: 1)
        let index = UserIndex(PolicyRows(rules.rules), groups: rules.groups, width: 1, pool: &pool, bits: &bits)
        let asked = who(index)
        var words = [bits.words[index.base(asked)]]
        pool.sets.lay(index.set(asked), into: &words, at: 0)
        return (0..<64).filter { words[0] >> UInt64($0) & 1 == 1 }
    }

    @Test(
        "a user is in the rows that name it, its group or anyone; a client without credentials in those that would ask"
    )
    func who() {
        var rules = PolicyRules(
            .allow(),
            .allow { $0.users = [.user("anna")] },
            .deny { $0.users = [.group("ops")] },
            .allow { $0.users = [.anyone] },
            .limit { $0.users = [.user("anna")] },
            .deny(report: true) { $0.users = [.user("anna")] },
            .deny { $0.users = [.group("none")] }
        )
        rules.groups = ["ops": ["anna", "bo"], "none": []]
        #expect(rows(rules) { $0.number("anna").map { .user($0) } ?? .stranger } == [0, 1, 2, 3, 4, 5])
        #expect(rows(rules) { $0.number("bo").map { .user($0) } ?? .stranger } == [0, 2, 3])
        #expect(rows(rules) { _ in .stranger } == [0, 3])
        #expect(rows(rules) { _ in .user(99) } == [0, 3])
        #expect(rows(rules) { _ in .unknown } == [0, 1, 2, 3, 6])
    }
}
