import Testing

@testable import ApusFlow

@Suite("Byte key table")
struct ByteKeyTableTests {
    private func find(_ table: borrowing ByteKeyTable, _ name: String, _ number: UInt32) -> UInt32? {
        let bytes = Array(name.utf8)
        return table.find(bytes.span, number, hash: ByteKeyTable.hash(bytes.span, number))
    }

    private func insert(_ table: inout ByteKeyTable, _ name: String, _ number: UInt32, _ index: UInt32) {
        let bytes = Array(name.utf8)
        table.insert(bytes.span, number, hash: ByteKeyTable.hash(bytes.span, number), index: index)
    }

    @Test("a key is its bytes and its number, of every length")
    func keys() {
        var table = ByteKeyTable()
        let names = (0..<40).map { String(repeating: "a", count: $0) }
        for (index, name) in names.enumerated() {
            insert(&table, name, 80, UInt32(index * 2))
            insert(&table, name, 443, UInt32(index * 2 + 1))
        }
        for (index, name) in names.enumerated() {
            let found = [
                find(table, name, 80), find(table, name, 443), find(table, name, 0), find(table, name + "b", 80),
            ]
            #expect(found == [UInt32(index * 2), UInt32(index * 2 + 1), nil, nil])
        }
    }

    @Test("an equal hash alone is not a match")
    func collision() {
        var table = ByteKeyTable()
        let (one, other) = ([UInt8]("one".utf8), [UInt8]("two".utf8))
        table.insert(one.span, 1, hash: 7, index: 0)
        table.insert(other.span, 1, hash: 7, index: 1)
        let found = [
            table.find(one.span, 1, hash: 7), table.find(other.span, 1, hash: 7), table.find(other.span, 2, hash: 7),
        ]
        #expect(found == [0, 1, nil])
    }

    @Test("a removed key is unknown, and its index may name another")
    func removal() {
        var table = ByteKeyTable()
        insert(&table, "a.example", 0, 3)
        table.remove(3)
        insert(&table, "b.example", 0, 3)
        let found = [find(table, "a.example", 0), find(table, "b.example", 0)]
        let count = table.count
        #expect(found == [nil, 3])
        #expect(count == 1)
    }
}
