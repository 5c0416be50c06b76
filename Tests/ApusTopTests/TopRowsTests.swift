import ApusReport
import Testing

@testable import ApusTop

@Suite struct TopRowsTests {
    private func row(_ text: String) throws -> RequestRow {
        try #require(JSONValue.parse(Array(text.utf8).span).flatMap { RequestRow($0) })
    }

    @Test("a request is told by its target, who asked, and why it failed")
    func request() throws {
        let plain = try row(record(3))
        #expect(plain.target == "example.org/p3")
        #expect(plain.clock == "12:00:03")
        #expect(plain.who == "127.0.0.1")
        #expect(plain.why == "")
        let refused = try row(record(4, status: 403, more: ",\"fault\":\"rule\",\"rule\":\"no ads\",\"user\":\"anna\""))
        #expect(refused.why == "no ads")
        #expect(refused.who == "anna")
        let tunnel = try row("{\"id\":\"1\",\"kind\":\"tunnel\",\"host\":\"::1\",\"port\":443,\"fault\":\"loopback\"}")
        #expect(tunnel.target == "[::1]:443")
        #expect(tunnel.why == "loopback")
        #expect(try row("{\"id\":\"1\"}").target == "-")
    }
}
