import Testing

@testable import ApusTop

@Suite struct ListLinesTests {
    @Test("the chosen row is always among those that are shown")
    func window() {
        var model = fullModel()
        for selected in 0..<9 {
            model.selected = selected
            for rows in 1...12 {
                let lines = ListLines(model: model, columns: 80, colour: false).lines(rows: rows)
                #expect(lines.count == rows)
                let chosen = lines.filter { $0.bytes.starts(with: Array("\u{1b}[7m".utf8)) }
                #expect(chosen.count == 1)
                let text = String(decoding: chosen.flatMap(\.bytes), as: UTF8.self)
                #expect(text.contains("/p\(9 - selected)"))
            }
        }
    }
}
