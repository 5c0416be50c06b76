import ApusReport
import ApusWire
import Testing

@Suite struct TraceAnswerTests {
    private func response(_ head: String) throws -> Response {
        let bytes = Array(("xx" + head + "rest").utf8)
        var answer: [UInt8] = []
        TraceAnswer().append(
            head: ByteRange(2, bytes.count - 4),
            of: bytes.span,
            to: &answer,
            secondsSince1970: 0
        )
        return try #require(Response(answer))
    }

    @Test("TRACE reflects the head as it came")
    func reflects() throws {
        let head = "TRACE http://a/ HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\nX-Cook: 1\r\nVia: 2\r\n\r\n"
        let response = try response(head)
        #expect(response.statusLine == "HTTP/1.1 200 OK")
        #expect(response.field("content-type") == "message/http")
        #expect(response.field("content-length") == String(head.utf8.count))
        #expect(response.text == head)
    }

    @Test("which names tell can be set") func names() throws {
        let bytes = Array("TRACE * HTTP/1.1\r\nX-Token: 1\r\nX-Tenant: 2\r\nCookie: 3\r\n\r\n".utf8)
        var answer: [UInt8] = []
        TraceAnswer(names: SecretNames(["tenant"])).append(
            head: ByteRange(0, bytes.count),
            of: bytes.span,
            to: &answer,
            secondsSince1970: 0
        )
        #expect(try #require(Response(answer)).text == "TRACE * HTTP/1.1\r\nX-Token: 1\r\n\r\n")
    }

    @Test(
        "fields with secrets are left out, in any case",
        arguments: [
            "Cookie: a=b", "cookie:a", "COOKIE: x", "Authorization: Basic eA==", "proxy-authorization: x", "Cookie2: y",
            "X-Api-Key: 1", "PRIVATE-TOKEN:", "X-A:\tBearer eyJh", "Sec-WebSocket-Protocol: jwt, eyJh",
            "Referer: http://u:p@h/",
        ]
    )
    func secrets(_ line: String) throws {
        let response = try response("TRACE * HTTP/1.1\r\nHost: a\r\n\(line)\r\nX: y\r\n\(line)\r\n\r\n")
        #expect(response.text == "TRACE * HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n")
        #expect(response.field("content-length") == String(response.content.count))
    }
}
