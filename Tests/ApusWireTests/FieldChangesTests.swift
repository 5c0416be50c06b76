import ApusWire
import Testing

@Suite("Changes to fields")
struct FieldChangesTests {
    private func changed(_ text: String, _ changes: FieldChanges) throws -> String? {
        let bytes = Array(text.utf8)
        var table = FieldTable()
        guard case .complete(let head) = RequestParser.parse(bytes.span, limits: HeadLimits(), fields: &table) else {
            return nil
        }
        let target = try RequestTarget.parse(bytes.span, head)
        let facts = try RequestFacts.judge(bytes.span, head, target, table, pseudonym: Array("me".utf8))
        changes.mark(bytes.span, &table)
        var scratch = [UInt8](repeating: 0, count: 4096)
        var span = scratch.mutableSpan
        let names = HeadText(pseudonym: Array("me".utf8))
        let count = RequestRewriter.write(
            bytes.span,
            head,
            target,
            facts,
            table,
            text: names,
            adding: changes,
            into: &span
        )
        return count.map { String(decoding: scratch[0..<$0], as: UTF8.self) }
    }

    @Test("dropped fields go in any case and number; set ones replace all of their name; the rest stays in order")
    func request() throws {
        let changes = FieldChanges(drop: ["Cookie"], set: [("X-Team", "ci"), ("A", "new")])
        let head = "GET http://h/ HTTP/1.1\r\nHost: h\r\ncookie: 1\r\nB: 2\r\na: 3\r\nCOOKIE: 4\r\nA: 5\r\nC: 6\r\n\r\n"
        #expect(
            try changed(head, changes)
                == "GET / HTTP/1.1\r\nHost: h\r\nB: 2\r\nC: 6\r\nX-Team: ci\r\nA: new\r\nVia: 1.1 me\r\n\r\n"
        )
    }

    @Test("names that only begin or end alike stay")
    func alike() throws {
        let changes = FieldChanges(drop: ["Cookie"], set: [])
        let head = "GET http://h/ HTTP/1.1\r\nHost: h\r\nCookie2: 1\r\nX-Cookie: 2\r\n\r\n"
        #expect(
            try changed(head, changes) == "GET / HTTP/1.1\r\nHost: h\r\nCookie2: 1\r\nX-Cookie: 2\r\nVia: 1.1 me\r\n\r\n"
        )
    }

    @Test("a response: a dropped Date is not made anew, framing stays")
    func response() throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nDate: x\r\nServer: s\r\nContent-Length: 0\r\n\r\n".utf8)
        var table = FieldTable()
        guard case .complete(let head) = ResponseParser.parse(bytes.span, limits: .response, fields: &table) else {
            Issue.record("no head")
            return
        }
        let facts = try ResponseFacts.judge(bytes.span, head, table, method: .get, upgrade: UpgradeOffer())
        let changes = FieldChanges(drop: ["server", "date"], set: [("X-Via", "apus")])
        changes.mark(bytes.span, &table)
        var scratch = [UInt8](repeating: 0, count: 4096)
        var span = scratch.mutableSpan
        let count = ResponseRewriter.write(
            bytes.span,
            head,
            facts,
            table,
            manner: ResponseRewriter.Manner(closes: false, stripsCoding: false),
            text: HeadText(pseudonym: Array("me".utf8)),
            adding: changes,
            into: &span
        )
        #expect(
            String(decoding: scratch[0..<(count ?? 0)], as: UTF8.self)
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Via: apus\r\nVia: 1.1 me\r\n\r\n"
        )
    }

    @Test("no changes are none")
    func none() {
        #expect(FieldChanges(drop: [], set: []).isEmpty)
        #expect(!FieldChanges(drop: ["a"], set: []).isEmpty)
    }
}
