import Testing

@testable import ApusAdmin

@Suite("JSON objects")
struct JSONObjectTests {
    private func text(_ fill: (inout JSONObject) -> Void) -> String {
        String(decoding: JSONObject.of(fill), as: UTF8.self)
    }

    @Test("members of each kind") func members() {
        #expect(text { _ in } == "{}")
        let all = text { object in
            object.add("text", "a\"\\\n\u{1}é")
            object.add("none", nil as String?)
            object.add("count", UInt64.max)
            object.add("number", -1)
            object.add("truth", true)
            object.add("decimal", 1.23456)
            object.add("whole", 2.0)
            object.add("never", Double.nan)
            object.add("list", JSONObject.array([JSONObject.string("x"), Array("1".utf8)]))
        }
        #expect(
            all
                == #"{"text":"a\"\\\n\u0001é","none":null,"count":18446744073709551615,"number":-1,"truth":true,"decimal":1.235,"#
                + #""whole":2.0,"never":null,"list":["x",1]}"#
        )
    }
}
