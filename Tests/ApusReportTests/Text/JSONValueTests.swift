import ApusReport
import Testing

@Suite struct JSONValueTests {
    private func parse(_ text: String, depth: Int = 16) -> JSONValue? {
        JSONValue.parse(Array(text.utf8).span, depth: depth)
    }

    @Test("values of every kind are read, nested and with space around them")
    func values() {
        let text = " {\"a\": [1, -2.5e3, \"x\\u00e9\", true, null, [], {}], \"b\":{\"c\":false}} "
        let inner: [JSONValue] = [
            .number("1"), .number("-2.5e3"), .text("xé"), .truth(true), .null, .array([]), .object([:]),
        ]
        let value = parse(text)
        #expect(value == .object(["a": .array(inner), "b": .object(["c": .truth(false)])]))
        #expect(value?["a"]?.elements[1].double == -2500)
        #expect(value?["a"]?.elements[0].whole == 1)
        #expect(value?["b"]?["c"]?.truth == false)
        #expect(value?["c"] == nil)
        #expect(parse("\"a\"")?.text == "a")
    }

    @Test(
        "what is no JSON is nothing",
        arguments: [
            "", "{", "[", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "[1 2]", "1 2", "01", "nul", "[1}", "{\"a\":1]",
            "{\"a\":1,\"a\":2}", "\"\n\"", "'a'", "[,1]", "\u{feff}1",
        ]
    )
    func malformed(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test("depth is bounded")
    func depth() {
        #expect(parse("[[]]", depth: 2) != nil)
        #expect(parse("[[]]", depth: 1) == nil)
        #expect(parse("[{}]", depth: 1) == nil)
        #expect(parse(String(repeating: "[", count: 100_000)) == nil)
    }
}
