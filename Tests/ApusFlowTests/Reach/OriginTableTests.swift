import Testing

@testable import ApusFlow

@Suite("Origin table")
struct OriginTableTests {
    private func intern(_ table: inout OriginTable, _ host: String, _ port: UInt16 = 80, _ way: UInt16 = 0)
        -> OriginIndex?
    {
        table.intern(Array(host.utf8).span, port: port, way: way)
    }

    @Test("an origin is host, port and way, and keeps its index")
    func interning() throws {
        var table = OriginTable(bound: 10)
        let plain = try #require(intern(&table, "a.example"))
        let again = intern(&table, "a.example")
        let others = [
            intern(&table, "a.example", 81), intern(&table, "a.example", 80, 1), intern(&table, "b.example"),
        ]
        let count = table.count
        #expect(again == plain)
        #expect(Set(others + [plain]).count == 4)
        #expect(count == 4)
    }

    @Test("at the bound the longest vacant origin is forgotten, and its index stays void")
    func eviction() throws {
        var table = OriginTable(bound: 3)
        let first = try #require(intern(&table, "1"))
        let second = try #require(intern(&table, "2"))
        let third = try #require(intern(&table, "3"))
        // The first is busy, then vacant again: now the second has been vacant for longest.
        table.add(active: 1, first.slot)
        table.add(active: -1, first.slot)
        let fourth = try #require(intern(&table, "4"))
        let slots = [table.slot(first), table.slot(second), table.slot(third), table.slot(fourth)]
        #expect(slots == [first.slot, nil, third.slot, fourth.slot])
        #expect(fourth.slot == second.slot && fourth != second)
        let renewed = intern(&table, "2")
        #expect(renewed != second)
    }

    @Test("origins with connections are never forgotten: a full table has no room")
    func full() throws {
        var table = OriginTable(bound: 2)
        let first = try #require(intern(&table, "1"))
        let second = try #require(intern(&table, "2"))
        var links = LinkTable()
        table.add(active: 1, first.slot)
        table.pushIdle(0, &links, second.slot)
        let refused = intern(&table, "3")
        table.removeIdle(0, &links, second.slot)
        let taken = intern(&table, "3")
        let known = intern(&table, "1")
        #expect(refused == nil)
        #expect(taken?.slot == second.slot)
        #expect(known == first)
    }

    @Test("closing more connections than were opened counts as none")
    func underflow() throws {
        var table = OriginTable(bound: 2)
        let origin = try #require(intern(&table, "1"))
        table.add(active: -1, origin.slot)
        table.add(active: 1, origin.slot)
        let active = table[origin.slot].active
        #expect(active == 1)
    }
}
