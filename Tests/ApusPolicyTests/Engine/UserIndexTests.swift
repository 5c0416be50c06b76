import ApusSamples
import Testing

@testable import ApusPolicy

@Suite("the index of users")
struct UserIndexTests {
    private func rows(_ rules: PolicyRules, _ who: (borrowing UserIndex) -> PolicyQuery.Who) -> [Int] {
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

    @Test("groups are in the rows that name them, those of exceptions too; a group that no row names has no number")
    func groups() {
        let rules = PolicyRules(
            .allow { $0.users = [.group("ops"), .user("anna")] },
            .allow { $0.exceptions = [Condition { $0.users = [.group("staff")] }] },
            .deny { $0.users = [.group("staff"), .group("ops")] }
        )
        var pool = RowPool(width: 1)
        var bits = BitPool(width: 1)
        let index = UserIndex(PolicyRows(rules.rules), groups: ["unused": []], width: 1, pool: &pool, bits: &bits)
        func rows(_ names: String...) -> UInt64 {
            var set = GroupSet()
            for name in names { if let number = index.group(name) { set.insert(number) } }
            var words: [UInt64] = [0]
            index.lay(set, pool.sets, &words, 0)
            return words[0]
        }
        #expect(rows("ops") == 0b0101 && rows("staff") == 0b1100 && rows("ops", "staff") == 0b1101)
        #expect(rows("unused") == 0 && index.group("unused") == nil)
    }
}
