import ApusFlow
import ApusSamples
import Testing

@Suite struct AccessRecordTests {
    @Test("the decision id is sixteen hexadecimal digits")
    func id() {
        var record = sampleRecord()
        #expect(record.idText == "0123456789abcdef")
        record.id = 0
        #expect(record.idText == "0000000000000000")
        record.id = .max
        #expect(record.idText == "ffffffffffffffff")
    }

    @Test("stages are ordered by the way of a request, and no two share a word or a letter")
    func stages() {
        #expect(Stage.allCases.sorted() == [.listen, .read, .decide, .lookUp, .reach, .relay, .record])
        #expect(Set(Stage.allCases.map(\.word.description)).count == 7)
        #expect(Set(Stage.allCases.map(\.letter)).count == 7)
        #expect(Set(Side.allCases.map(\.letter)).count == 3)
    }
}
