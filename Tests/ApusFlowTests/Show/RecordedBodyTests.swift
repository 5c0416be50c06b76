import ApusFlow
import Testing

@Suite struct RecordedBodyTests {
    @Test("a body of which not all was recorded is truncated")
    func truncated() {
        #expect(RecordedBody(bytes: [1, 2], total: 3).isTruncated)
        #expect(!RecordedBody(bytes: [1, 2], total: 2).isTruncated)
        #expect(!RecordedBody(bytes: [], total: 0).isTruncated)
    }
}
