import Testing

@Suite struct StrictJSONTests {
    @Test(
        "the tests' own JSON reader reads what is sound",
        arguments: [
            ("{\"a\":\"b\"}", "b"), ("{\"a\":-12}", "-12"), ("{\"b\":0,\"a\":true}", "true"),
            ("{\"a\":\"\\u001b\\\"\"}", "\u{1b}\""),
        ]
    )
    func sound(_ text: String, _ value: String) throws {
        #expect(try StrictJSON.members(text.utf8)["a"] == value)
    }

    @Test(
        "the tests' own JSON reader refuses what is not",
        arguments: [
            "", "{", "{}", "{\"a\":\"b\"", "{\"a\":\"b\"}x", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":01}",
            "{\"a\":b}",
            "{\"a\":\"\\ud800\"}", "{\"a\":1,\"a\":2}", "{'a':1}", "{\"a\":\"\"b\"}", "{\"a\":1,}",
        ]
    )
    func unsound(_ text: String) {
        #expect(throws: StrictJSON.Malformed.self) { try StrictJSON.members(text.utf8) }
    }

    @Test("the tests' own JSON reader refuses bytes that are no UTF-8")
    func notUTF8() {
        #expect(throws: StrictJSON.Malformed.self) {
            try StrictJSON.members(Array("{\"a\":\"".utf8) + [0xff] + Array("\"}".utf8))
        }
    }
}
