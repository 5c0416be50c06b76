import Testing

@testable import ApusTop

@Suite struct DetailLinesTests {
    @Test("there are as many lines as there is room for, and the end is reached") func room() {
        var model = fullModel()
        _ = model.press(.enter, page: 5)
        let count = DetailLines.count(model)
        #expect(count > 12)
        for rows in 1...40 {
            #expect(DetailLines(model: model, columns: 80, colour: false).lines(rows: rows).count == rows)
        }
        for _ in 0..<100 { _ = model.press(.down, page: 5) }
        #expect(model.scrolled == count - 1)
        _ = model.press(.home, page: 5)
        #expect(model.scrolled == 0)
    }
}
