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

    @Test("caps are meters, and a failed reload stands in the first line") func caps() {
        var model = fullModel()
        model.take(
            event(
                "traffic",
                """
                {"requests_total":1,"health":{"reload":{"succeeded":false,"fault":"apus.yaml:7:3: no such key\\nmore"},\
                "caps":{"clients":{"used":90,"most":100},"tunnels":{"used":1,"most":null},"descriptors":{"used":5,"most":1000}}}}
                """
            )
        )
        let head = HeadLines(model: model, endpoint: "x", columns: 100, colour: false)
        let lines = head.lines(most: 9).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(lines.count == 6 && lines[0].contains("the last reload failed: apus.yaml:7:3: no such key"))
        #expect(lines[4] == "clients ■■■■■■■■■· 90 of 100  files ■········· 5 of 1k")
    }
}
