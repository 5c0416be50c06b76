import Testing

@testable import ApusTop

@Suite struct HeadLinesTests {
    @Test("with little room the first lines are kept, and a figure is shown whole or not at all")
    func room() {
        let head = HeadLines(model: fullModel(), endpoint: "x", columns: 30, colour: false)
        #expect(head.lines(most: 1).count == 1)
        #expect(head.lines(most: 9).count == 5)
        #expect(String(decoding: head.lines(most: 2)[1].bytes, as: UTF8.self) == "24 req/s  1 refused/s")
    }
}
