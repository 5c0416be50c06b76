import ApusWire
import Testing

@Suite struct FaultyHeadTests {
    private struct Telling: Equatable {
        var method = ""
        var target = ""
        var field = ""
        var bytes = 0
    }

    private func told(_ text: String) -> Telling {
        let bytes = Array(text.utf8)
        let head = FaultyHead(bytes.span)
        func word(_ range: ByteRange) -> String { String(decoding: bytes[range.range], as: UTF8.self) }
        let field = word(head.field)
        return Telling(method: word(head.method), target: word(head.target), field: field, bytes: head.fieldBytes)
    }

    @Test("method and target are those of the first line that is not empty, as far as it is one")
    func requestLine() {
        #expect(told("\r\n\nGET http://h/a b HTTP/1.1\r\n") == Telling(method: "GET", target: "http://h/a"))
        #expect(told("GET ") == Telling(method: "GET"))
        #expect(told("GET") == Telling())
        #expect(told("") == Telling())
        #expect(told(" GET / HTTP/1.1\r\n") == Telling())
        #expect(told("GET\t/ HTTP/1.1\r\n") == Telling())
        #expect(told("\u{16}\u{3}\u{1}\u{2}") == Telling())
        #expect(told(String(repeating: "M", count: 65) + " / HTTP/1.1\r\n") == Telling())
    }

    @Test("a target is cut at its bound")
    func longTarget() {
        let long = told("GET /" + String(repeating: "a", count: 5000) + " HTTP/1.1\r\n")
        #expect(long.target.utf8.count == FaultyHead.longestTarget)
    }

    @Test("the largest field line is told with its name and its bytes, whole or not")
    func largestField() {
        let start = "GET / HTTP/1.1\r\nA: b\r\n"
        #expect(told(start + "Cookie: abcdef\r\nX: y\r\n\r\n").field == "Cookie")
        #expect(told(start + "Cookie: abcdef\r\nX: y\r\n\r\n").bytes == 14)
        #expect(told(start + "Cookie: abcde") == Telling(method: "GET", target: "/", field: "Cookie", bytes: 13))
        #expect(told(start + "Cookie: abc\r").bytes == 11)
        #expect(told("GET / HTTP/1.1\r\nno colon at all\r\n").field.isEmpty)
        #expect(told("GET / HTTP/1.1\r\n").field.isEmpty)
    }
}
