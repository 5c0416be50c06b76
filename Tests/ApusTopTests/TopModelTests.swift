import Testing

@testable import ApusTop

@Suite struct TopModelTests {
    @Test("requests are kept with the newest first, and no more than there is room for")
    func order() {
        var model = fullModel()
        #expect(model.link == .live)
        #expect(model.requests.map(\.id) == ["9", "8", "7", "6", "5", "4", "3", "2", "1"])
        for start in 1...30 { model.take(requests((start * 100..<start * 100 + 100).map { record($0) })) }
        #expect(model.requests.count == TopModel.mostRequests)
    }

    @Test("what the recorder holds stands behind what has been seen, once") func recorded() {
        var model = TopModel()
        model.take(hello)
        model.take(requests([record(5), record(6)]))
        model.take(recorded: Array("{\"requests\":[\(record(6)),\(record(5)),\(record(4))]}".utf8))
        #expect(model.requests.map(\.id) == ["6", "5", "4"])
        model.take(recorded: Array("not JSON".utf8))
        #expect(model.requests.count == 3)
    }

    @Test("refusals are grouped by host and reason; a question for credentials is none") func refusals() {
        var model = fullModel()
        let no = ",\"fault\":\"rule\",\"rule\":\"ads\",\"ended_how\":\"refused\""
        model.take(
            requests([
                record(20, host: "a.example", status: 403, more: no),
                record(21, host: "b.example", status: 403, more: no),
            ])
        )
        model.take(requests([record(22, host: "a.example", status: 403, more: no), record(23, status: 407, more: no)]))
        #expect(model.shownRefusals.map(\.host) == ["a.example", "b.example"])
        #expect(model.shownRefusals.map(\.count) == [2, 1] && model.shownRefusals[0].who == "127.0.0.1")
    }

    @Test("the history begins with what hello brings, and goes on with the figures")
    func history() {
        #expect(fullModel().history == [1, 8, 24])
        var model = fullModel()
        for _ in 0..<400 { model.take(traffic) }
        #expect(model.history.count == TopModel.mostHistory)
    }

    @Test("the bytes a second of what is open are worked out by two lists")
    func rates() {
        var model = TopModel()
        model.take(open([("a1", "o.example", 3, 100)]))
        #expect(model.open[0].downPerSecond == nil)
        model.take(open([("a1", "o.example", 5, 4100), ("a2", "p.example", 0, 0)]))
        #expect(model.open[0].downPerSecond == 2000)
        #expect(model.open[1].downPerSecond == nil)
        model.take(open([]))
        #expect(model.open.isEmpty && model.openTotal == 0)
    }

    @Test("a stream of another process begins anew, one of the same keeps its requests")
    func restart() {
        var model = fullModel()
        model.take(hello)
        #expect(model.requests.count == 9)
        #expect(model.open.isEmpty)
        model.take(event("hello", "{\"started\":\"2026-02-01T00:00:00Z\"}"))
        #expect(model.requests.isEmpty && model.history.isEmpty)
    }

    @Test(
        "an event that is not as it should be changes nothing and breaks nothing",
        arguments: [
            "", "{", "null", "[]", "{\"requests\":5,\"open\":{},\"total\":-1}", "{\"requests\":[1,{}],\"open\":[{}]}",
        ]
    )
    func malformed(_ json: String) {
        for name in ["hello", "traffic", "requests", "open", "other"] {
            var model = fullModel()
            model.take(event(name, json))
            #expect(TopScreen.render(model, from: "x", columns: 80, rows: 24, colour: true).count > 100)
        }
    }

    @Test("who has moved down the list stays at the request that was chosen")
    func follows() {
        var model = fullModel()
        _ = model.press(.down, page: 5)
        #expect(model.shownRequests[model.selected].id == "8")
        model.take(requests([record(10), record(11)]))
        #expect(model.shownRequests[model.selected].id == "8")
        _ = model.press(.home, page: 5)
        model.take(requests([record(12)]))
        #expect(model.shownRequests[model.selected].id == "c")
    }
}
