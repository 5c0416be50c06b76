import ApusTop
import Testing

@Suite struct AdminRequestTests {
    private func text(_ request: AdminRequest, token: String? = nil) throws -> String {
        let endpoint = try #require(AdminEndpoint("127.0.0.1:9128"))
        return String(decoding: request.bytes(for: endpoint, token: token), as: UTF8.self)
    }

    @Test("a request is whole, and shows its token if there is one")
    func bytes() throws {
        let expected =
            "GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:9128\r\nAccept: text/event-stream\r\nConnection: close\r\n"
        #expect(try text(.events) == expected + "\r\n")
        #expect(try text(.events, token: "abc") == expected + "Authorization: Bearer abc\r\n\r\n")
        #expect(try text(.events, token: "a\r\nX: y") == expected + "\r\n")
    }

    @Test("only an id can be closed")
    func close() {
        #expect(AdminRequest.close("0123456789abcdef")?.target == "/api/open/0123456789abcdef")
        #expect(AdminRequest.close("0123456789abcdef")?.method == "DELETE")
        for id in ["", "a/b", "x y", "12?"] { #expect(AdminRequest.close(id) == nil) }
    }
}
