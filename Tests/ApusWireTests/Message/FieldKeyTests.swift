import Testing

@testable import ApusWire

@Suite("The name of a field that a head is searched for") struct FieldKeyTests {
    private func value(_ name: String, _ head: String) -> String? {
        let bytes = Array(head.utf8)
        return FieldKey(name).value(in: bytes.span).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    private let head =
        "GET /user-agent: HTTP/1.1\r\nHost: a\r\nUSER-Agent: \t curl/8.5 (x) \t\r\nuser-agent: other\r\nReferer:\r\n\r\n"

    @Test("is found in any case at the beginning of a line, and the white space round the value is left out")
    func found() {
        #expect(value("user-agent", head) == "curl/8.5 (x)")
        #expect(value("host", head) == "a")
        #expect(value("agent", head) == nil && value("user", head) == nil)
    }

    @Test("has no value where there is no such field, or it is empty") func missing() {
        #expect(value("referer", head) == nil && value("content-type", head) == nil)
        #expect(value("host", "") == nil && value("host", "Host") == nil && value("host", "Host:") == nil)
    }

    @Test("is found however lines end, behind a control character, and in a head that was cut off") func lines() {
        #expect(value("b", "A: 1\nB: 2\nC: 3") == "2" && value("c", "A: 1\nB: 2\nC: 3") == "3")
        #expect(value("b", "A: \u{1}x\u{7f}\r\nB: 2") == "2")
        #expect(value("b", "A: 1\r\nB: \u{1}2\r\n") == "\u{1}2")
    }

    @Test("is found at every cut of a head or not at all") func cuts() {
        let bytes = Array(head.utf8)
        for count in 0...bytes.count {
            let part = Array(bytes[..<count])
            guard let range = FieldKey("user-agent").value(in: part.span) else { continue }
            #expect("curl/8.5 (x) ".hasPrefix(String(decoding: part[range], as: UTF8.self)))
        }
    }

    @Test("of sixteen bytes is told from one that differs in any of them") func long() {
        let name = "abcdefghijklmnop"
        #expect(value(name, "\(name): 1\r\n") == "1")
        for place in 0..<16 {
            var other = Array(name.utf8)
            other[place] = UInt8(ascii: "z")
            #expect(value(name, "\(String(decoding: other, as: UTF8.self)): 1\r\n") == nil)
        }
    }
}
