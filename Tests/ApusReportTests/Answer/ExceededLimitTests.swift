import ApusReport
import ApusWire
import Testing

@Suite struct ExceededLimitTests {
    private func sentence(_ fault: RequestFault, _ head: String = "GET / HTTP/1.1\r\nCookie: abcdef\r\n") -> String? {
        let bytes = Array(head.utf8)
        let limits = HeadLimits(startLine: 100, fieldLine: 10, head: 300, fields: 5)
        return ExceededLimit(fault, FaultyHead(bytes.span), bytes.span, limits)?.sentence
    }

    @Test("each limit is told with its number, and with the field that takes most")
    func sentences() {
        #expect(sentence(.fieldLineTooLong) == "Cookie has 14 bytes or more; a field may have 10.")
        #expect(sentence(.fieldLineTooLong, "GET / HTTP/1.1\r\n") == "A field may have 10 bytes.")
        #expect(
            sentence(.headTooLarge)
                == "All fields together may have 300 bytes; the largest is Cookie, with 14 bytes or more."
        )
        #expect(sentence(.headTooLarge, "GET /") == "It may have 300 bytes.")
        #expect(sentence(.requestLineTooLong) == "It may have 100 bytes.")
        #expect(sentence(.tooManyFields) == "There may be 5.")
        #expect(sentence(.bareLF) == nil)
    }
}
