import ApusWire
import Testing

@Suite("Changes to fields")
struct FieldChangesTests {
    private func changed(_ text: String, _ changes: FieldChanges) -> String {
        let bytes = Array(text.utf8)
        return String(decoding: changes.applied(to: bytes.span), as: UTF8.self)
    }

    @Test("dropped fields go in any case and number; set ones replace all of their name; the rest stays in order")
    func mixed() {
        let changes = FieldChanges(drop: ["Cookie"], set: [("X-Team", "ci"), ("A", "new")])
        let head = "GET / HTTP/1.1\r\nHost: h\r\ncookie: 1\r\nB: 2\r\na: 3\r\nCOOKIE: 4\r\nA: 5\r\nVia: 1.1 me\r\n\r\n"
        #expect(
            changed(head, changes) == "GET / HTTP/1.1\r\nHost: h\r\nB: 2\r\nVia: 1.1 me\r\nX-Team: ci\r\nA: new\r\n\r\n"
        )
    }

    @Test("names that only begin or end alike stay, and so does a start line that looks like a field")
    func alike() {
        let changes = FieldChanges(drop: ["Cookie", "get"], set: [])
        let head = "GET: / HTTP/1.1\r\nCookie2: 1\r\nX-Cookie: 2\r\nCooki: 3\r\n\r\n"
        #expect(changed(head, changes) == head)
    }

    @Test("a head without fields gets the added ones")
    func bare() {
        let changes = FieldChanges(drop: [], set: [("A", "1")])
        #expect(changed("HTTP/1.1 200 OK\r\n\r\n", changes) == "HTTP/1.1 200 OK\r\nA: 1\r\n\r\n")
    }

    @Test("no changes are none")
    func none() {
        #expect(FieldChanges(drop: [], set: []).isEmpty)
        #expect(!FieldChanges(drop: ["a"], set: []).isEmpty)
    }
}
