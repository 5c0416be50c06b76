import ApusTop
import Testing

@Suite struct AdminAnswerTests {
    private func read(_ text: String, step: Int) throws -> (AdminAnswer, String) {
        var answer = AdminAnswer()
        var body: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: step) {
            body += try answer.feed(Array(bytes[start..<min(start + step, bytes.count)]))
        }
        return (answer, String(decoding: body, as: UTF8.self))
    }

    private static let answers: [(String, Int, String, Bool)] = [
        ("HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; x\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 200, "hello",
            true
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 200, "hello", false),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, "", true),
        ("HTTP/1.1 401 Unauthorized\r\n\r\nhello", 401, "hello", false),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, "", true),
    ]

    @Test("an answer is read alike however it is cut")
    func everyCut() throws {
        for (text, status, body, isComplete) in Self.answers {
            for step in [1, 2, 3, 7, 1000] {
                let (answer, read) = try read(text, step: step)
                #expect(answer.status == status)
                #expect(read == body)
                #expect(answer.isComplete == isComplete)
            }
        }
        #expect(try read(Self.answers[0].0, step: 4).0.type == "text/html")
    }

    @Test("one that ends before its end is cut short, one without a length ends with the connection")
    func ends() throws {
        var (chunked, _) = try read(Self.answers[2].0, step: 50)
        #expect(throws: AdminAnswer.Fault.cutShort) { try chunked.end() }
        var (open, _) = try read(Self.answers[4].0, step: 50)
        try open.end()
        #expect(open.isComplete)
        var nothing = AdminAnswer()
        #expect(throws: AdminAnswer.Fault.cutShort) { try nothing.end() }
    }

    @Test(
        "what is no HTTP is a fault",
        arguments: ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"]
    )
    func malformed(_ text: String) {
        #expect(throws: AdminAnswer.Fault.malformed) { try read(text, step: 8) }
    }

    @Test("a head without an end is a fault")
    func endless() {
        #expect(throws: AdminAnswer.Fault.malformed) { try read(String(repeating: "a", count: 100_000), step: 4096) }
    }
}
