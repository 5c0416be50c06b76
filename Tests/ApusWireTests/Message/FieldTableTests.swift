import Testing

@testable import ApusWire

@Suite struct FieldTableTests {
    @Test("lines keep their order, the table is full at its capacity, and can be filled again")
    func fills() {
        var table = FieldTable()
        for round in 0..<2 {
            #expect(table.count == 0)
            for number in 0..<FieldTable.capacity {
                let added = table.append(field(number + round))
                #expect(added)
            }
            let overfull = table.append(field(0))
            #expect(!overfull)
            #expect(table.count == FieldTable.capacity)
            for number in 0..<table.count { #expect(table[number].line.start == UInt32(number + round)) }
            table.removeAll()
        }
    }

    private func field(_ number: Int) -> Field {
        Field(name: .empty, value: .empty, line: ByteRange(number, number + 1), known: .other, spaced: false)
    }
}
