import Testing

@testable import ApusPolicy

@Suite("a set of groups")
struct GroupSetTests {
    private func numbers(_ set: GroupSet) -> [Int] {
        var found: [Int] = []
        set.forEach { found.append($0) }
        return found
    }

    @Test("shows what was added in order, up to its capacity")
    func members() {
        var set = GroupSet()
        #expect(set.isEmpty && numbers(set).isEmpty)
        for number in [255, 0, 63, 64, 127, 128, 191, 192, 64, 256, 1_000] { set.insert(number) }
        #expect(numbers(set) == [0, 63, 64, 127, 128, 191, 192, 255] && !set.isEmpty)
    }

    @Test("is another one with another group", arguments: [0, 63, 64, 130, 255])
    func equality(number: Int) {
        var set = GroupSet()
        set.insert(number)
        #expect(set != GroupSet() && Set([set, GroupSet(), set]).count == 2)
    }
}
