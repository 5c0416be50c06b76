import ApusReport
import Testing

@Suite struct OptionsAnswerTests {
    @Test("OPTIONS is answered with Allow and no content")
    func options() throws {
        var bytes: [UInt8] = []
        OptionsAnswer().append(to: &bytes, secondsSince1970: 0)
        let response = try #require(Response(bytes))
        #expect(response.statusLine == "HTTP/1.1 200 OK")
        #expect(response.field("allow") == OptionsAnswer.methods)
        #expect(response.field("content-length") == "0")
        #expect(response.field("content-type") == nil)
        #expect(response.field("connection") == "keep-alive")
        #expect(response.content.isEmpty)
    }
}
