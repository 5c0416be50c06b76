import Testing

@testable import ApusTop

@Suite struct TopModelKeysTests {
    private func type(_ text: String, _ model: inout TopModel) {
        for character in text { _ = model.press(.character(character), page: 5) }
    }

    @Test("q and control with C quit, the latter in every mode")
    func quit() {
        var model = fullModel()
        #expect(model.press(.character("q"), page: 5) == .quit)
        type("/", &model)
        #expect(model.press(.character("q"), page: 5) == nil)
        #expect(model.press(.interrupt, page: 5) == .quit)
    }

    @Test("a filter keeps what holds it, until escape")
    func filter() {
        var model = fullModel()
        model.take(requests([record(10, host: "Other.example", status: 403, more: ",\"fault\":\"rule\"")]))
        type("/other", &model)
        #expect(model.shownRequests.map(\.id) == ["a"])
        _ = model.press(.backspace, page: 5)
        #expect(model.filter == "othe")
        _ = model.press(.enter, page: 5)
        #expect(model.mode == .browsing)
        type("/", &model)
        _ = model.press(.escape, page: 5)
        #expect(model.shownRequests.count == 10)
        type("/403", &model)
        #expect(model.shownRequests.count == 1)
    }

    @Test("enter leads to the details of a request, and from what is frequent to its requests") func enter() {
        var model = fullModel()
        guard case .show(let row)? = model.press(.enter, page: 5) else {
            Issue.record("\(model.mode)")
            return
        }
        #expect(row.id == "9" && model.mode == .detail(row))
        _ = model.press(.escape, page: 5)
        type("5", &model)
        #expect(model.tab == .hosts && model.press(.enter, page: 5) == nil)
        #expect(model.tab == .requests && model.filter == "example.org" && model.shownRequests.count == 9)
    }

    @Test("s turns the order, and ? shows the keys") func order() {
        var model = fullModel()
        model.take(requests([record(10, more: ",\"x\":1")]))
        type("s", &model)
        #expect(model.order == "took" && model.notice == "By took.")
        for _ in 1..<TopModel.Tab.requests.orders.count { type("s", &model) }
        #expect(model.order == "ended" && model.shownRequests[0].id == "a")
        type("?", &model)
        #expect(model.mode == .help)
        let screen = TopScreen.render(model, from: "x", columns: 80, rows: 30, colour: false)
        #expect(String(decoding: screen, as: UTF8.self).contains("in another order"))
        type("x", &model)
        #expect(model.mode == .browsing)
    }

    @Test("a tunnel is closed after y alone")
    func close() {
        var model = fullModel()
        type("x", &model)
        #expect(model.notice != nil)
        type("2x", &model)
        guard case .confirming(let row) = model.mode else {
            Issue.record("\(model.mode)")
            return
        }
        #expect(row.id == "a1")
        #expect(model.press(.character("n"), page: 5) == nil)
        #expect(model.notice == "Not closed.")
        type("x", &model)
        #expect(model.press(.character("y"), page: 5) == .close(row))
        #expect(model.mode == .browsing)
        model.take(open([]))
        type("x", &model)
        #expect(model.mode == .browsing)
    }

    @Test("while it is paused the lists stay as they are, and what comes is counted")
    func pause() {
        var model = fullModel()
        type("p", &model)
        model.take(requests([record(10)], total: 7))
        model.take(open([]))
        #expect(model.shownRequests.count == 9 && model.shownOpen.count == 1)
        #expect(model.waiting == 7)
        type("p", &model)
        #expect(model.shownRequests.count == 10 && model.shownOpen.isEmpty)
    }

    @Test("the chosen row stays in the list, whatever is pressed")
    func walk() {
        var model = fullModel()
        let keys: [Key] = [
            .up, .down, .pageUp, .pageDown, .home, .end, .tab, .backTab, .enter, .escape, .character("p"),
            .character("x"), .character("y"), .character("/"), .character("z"), .backspace, .redraw,
        ]
        var state: UInt64 = 1
        for step in 0..<5000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            _ = model.press(keys[Int(state >> 33) % keys.count], page: 5)
            if step % 7 == 0 { model.take(open(step % 2 == 0 ? [] : [("b\(step)", "o", 1, 1)])) }
            if step % 11 == 0 { model.take(requests([record(step)])) }
            #expect(model.selected >= 0 && (model.selected < model.rowCount || model.selected == 0))
        }
    }
}
