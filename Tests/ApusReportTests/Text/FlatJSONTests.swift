import Testing

@testable import ApusReport

@Suite("Flat JSON")
struct FlatJSONTests {
    private func members(_ text: String) -> [String: AccessLogLine.Value]? { members(Array(text.utf8)) }

    private func members(_ bytes: [UInt8]) -> [String: AccessLogLine.Value]? { FlatJSON.members(bytes.span) }

    @Test("strings, numbers and literals are read, with white space anywhere")
    func values() {
        #expect(members("{}") == [:])
        #expect(members(" { } \r\n") == [:])
        #expect(
            members("\t{ \"a\" : \"b\" , \"n\":-12.5e+3,\"t\":true,\"f\":false,\"z\":null,\"\":0 }\n") == [
                "a": .text("b"), "n": .number("-12.5e+3"), "t": .truth(true), "f": .truth(false), "z": .null,
                "": .number("0"),
            ]
        )
    }

    @Test("escapes are undone, pairs too")
    func escapes() {
        #expect(
            members(#"{"a":"\"\\\/\b\f\n\r\t\u00e9\u2028\ud83e\udd85é"}"#)
                == ["a": .text("\"\\/\u{8}\u{c}\n\r\té\u{2028}🦅é")]
        )
        #expect(members(#"{"\u0061":1}"#) == ["a": .number("1")])
    }

    @Test(
        "what is no flat object is none",
        arguments: [
            "", "[]", "1", "\"a\"", "{", "}", "{}}", "{} {}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
            "{\"a\":1 \"b\":2}", "{a:1}",
            "{'a':1}", "{\"a\":{}}", "{\"a\":[]}", "{\"a\":1,\"a\":1}", "{\"a\":tru}", "{\"a\":True}",
            "{\"a\":truefalse}",
            "{\"a\":01}", "{\"a\":-}", "{\"a\":1.}", "{\"a\":.1}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":0x1}",
            "{\"a\":NaN}",
            "{\"a\":\"\n\"}", "{\"a\":\"b}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12g4\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\ud800x\"}", "{\"a\":\"\\", "\u{feff}{}",
        ]
    )
    func malformed(_ text: String) {
        #expect(members(text) == nil)
    }

    @Test("bytes that are no UTF-8 are refused")
    func invalid() {
        for bytes in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x80]] as [[UInt8]] {
            #expect(members(Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)) == nil)
        }
    }
}
