import Testing

@testable import ApusPolicy

@Suite("Name table")
struct NameTableTests {
    private func insert(_ name: String, _ marks: NameTable.Marks, into table: inout NameTable) -> Bool {
        let bytes = Array(name.utf8)
        return table.insert(bytes.span, 0..<bytes.count, marks)
    }

    private func find(_ name: String, in table: NameTable) -> (name: String, marks: NameTable.Marks)? {
        let bytes = Array(name.utf8)
        let offset = table.find(SuffixHash.of(bytes.span, 0..<bytes.count, table.key), bytes.span, from: 0)
        return offset == 0 ? nil : (table.name(at: offset), table.marks(at: offset))
    }

    @Test("a name that comes twice is one, with the marks of both")
    func twice() {
        var table = NameTable()
        #expect(insert("Ads.Example", .name, into: &table))
        #expect(insert("ads.example", .exceptUnder, into: &table))
        #expect(table.count == 1)
        let found = find("ads.example", in: table)
        #expect(found?.name == "ads.example")
        #expect(found?.marks == [.name, .exceptUnder])
    }

    @Test("thousands of names are all found, and no others")
    func growth() {
        var table = NameTable(key: .init(seed: 3))
        for index in 0..<5_000 { #expect(insert("n\(index).example", .name, into: &table)) }
        #expect(table.count == 5_000)
        for index in 0..<5_000 {
            #expect(find("n\(index).example", in: table)?.name == "n\(index).example")
            #expect(find("m\(index).example", in: table) == nil)
        }
    }

    @Test("no run of slots grows long, whatever the seed", arguments: 0..<20 as Range<UInt64>)
    func runs(_ seed: UInt64) {
        var table = NameTable(key: .init(seed: seed))
        // Just below seven tenths of 8,192 slots.
        for index in 0..<5_700 { _ = insert("\(index).example.org", .under, into: &table) }
        #expect(table.longestRun < 200)
    }

    @Test("a name of more than 255 bytes is not taken")
    func tooLong() {
        var table = NameTable()
        #expect(insert(String(repeating: "a", count: 255), .name, into: &table))
        #expect(!insert(String(repeating: "a", count: 256), .name, into: &table))
        #expect(table.count == 1)
    }
}
