import Testing

@testable import ApusConfig

@Suite struct YamlEventsTests {
    /// What a text is read as, up to its end or its fault.
    private func read(_ text: String) throws -> (events: [YamlEvent], fault: YamlFault?) {
        var events = try YamlEvents(text)
        var seen: [YamlEvent] = []
        do throws(YamlFault) {
            while seen.last?.kind != .end { seen.append(try events.next()) }
        } catch {
            return (seen, error)
        }
        return (seen, nil)
    }

    @Test("each event has its kind, its place in characters, its anchor and its tag")
    func events() throws {
        let (events, fault) = try read("ü: [&a x, *a]\nb: !t {'c': |\n  d}\n")
        #expect(fault != nil)
        #expect(
            events.prefix(9).map(\.kind) == [
                .document, .mapping, .scalar("ü", isPlain: true), .list, .scalar("x", isPlain: true), .alias, .listEnd,
                .scalar("b", isPlain: true), .mapping,
            ]
        )
        #expect(events.prefix(9).map(\.line) == [1, 1, 1, 1, 1, 1, 1, 2, 2])
        #expect(events.prefix(9).map(\.column) == [1, 1, 1, 4, 5, 11, 13, 1, 4])
        #expect(events.map(\.anchor).prefix(6) == [nil, nil, nil, nil, "a", "a"])
        #expect(events.prefix(9).last?.tag == "!t")
    }

    @Test(
        "a text in quotes and a block are not plain, and may hold a NUL",
        arguments: ["'x'", "\"x\"", "|-\n x", ">-\n x"]
    )
    func quoted(_ text: String) throws {
        #expect(try read(text).events.map(\.kind) == [.document, .scalar("x", isPlain: false), .documentEnd, .end])
        #expect(try read("\"a\\0b\"").events.map(\.kind).contains(.scalar("a\0b", isPlain: false)))
    }

    @Test("a text that says nothing has its end only, and behind the end is the end", arguments: ["", "\n", "# x"])
    func nothing(_ text: String) throws {
        var events = try YamlEvents(text)
        for _ in 0..<3 { #expect(try events.next().kind == .end) }
    }

    @Test("a fault has its place and where that began which has it, and stays")
    func fault() throws {
        var events = try YamlEvents("a: 1\nb: [c, \"d\n")
        for _ in 0..<7 { _ = try events.next() }
        for _ in 0..<3 {
            do {
                _ = try events.next()
                Issue.record("the text is no YAML")
            } catch {
                #expect(error.kind == .unparsable)
                #expect(error.problem == "found unexpected end of stream")
                #expect(error.line == 3 && error.column == 1)
                #expect(error.opened?.line == 2 && error.opened?.column == 8)
            }
        }
    }

    @Test("a character that no YAML has is a fault of its own, before anything is told")
    func unreadable() throws {
        let fault = try #require(try read("a: \u{1}").fault)
        #expect(fault.kind == .unreadable)
        #expect(fault.problem == "control characters are not allowed")
    }

    @Test("lists and mappings may be as deep as is said, and no deeper", arguments: [("[", "]"), ("{a: ", "}")])
    func depth(_ open: String, _ close: String) throws {
        func text(_ depth: Int) -> String {
            String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
        }
        #expect(try read(text(YamlEvents.deepest)).fault == nil)
        let fault = try #require(try read(text(YamlEvents.deepest + 1)).fault)
        #expect(fault.kind == .tooDeep)
        #expect(fault.column == 1 + open.count * YamlEvents.deepest)
    }

    @Test("what was left behind counts for no depth")
    func breadth() throws {
        let text = String(repeating: "- [[x]]\n", count: 2 * YamlEvents.deepest)
        #expect(try read(text).fault == nil)
    }

    @Test("a text that is given up half way is let go of")
    func givenUp() throws {
        for _ in 0..<100 {
            var events = try YamlEvents("a: [b, {c: &d \"e\"}]")
            for _ in 0..<7 { _ = try events.next() }
        }
    }
}
