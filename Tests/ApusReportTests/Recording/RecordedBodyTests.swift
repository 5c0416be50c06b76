import ApusReport
import Testing

@Suite struct RecordedBodyTests {
    @Test("a body of which not all was recorded is truncated")
    func truncated() {
        #expect(RecordedBody(bytes: [1, 2], total: 3).isTruncated)
        #expect(!RecordedBody(bytes: [1, 2], total: 2).isTruncated)
        #expect(!RecordedBody(bytes: [], total: 0).isTruncated)
    }

    @Test("UTF-8 is text, also where its last character was cut; anything else is base64")
    func text() {
        let all = Array("añ".utf8)
        #expect(RecordedBody(bytes: all, total: 3).text == "añ")
        #expect(RecordedBody(bytes: Array(all.dropLast()), total: 3).text == "a")
        #expect(RecordedBody(bytes: Array(all.dropLast()), total: 2).text == nil)
        #expect(RecordedBody(bytes: [0xff, 0, 1, 2], total: 4).text == nil)
        #expect(RecordedBody(bytes: [0xff, 0, 1, 2], total: 4).base64 == "/wABAg==")
        #expect(RecordedBody(bytes: [], total: 4).text == "")
    }
}
