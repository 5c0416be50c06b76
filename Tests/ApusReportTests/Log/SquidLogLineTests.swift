import ApusFlow
import ApusReport
import ApusSamples
import Testing

@Suite struct SquidLogLineTests {
    @Test("a request is written as Squid would, with the time of its end")
    func request() {
        #expect(
            logged(sampleRecord(), .squid) == "971186136.158     34 192.0.2.1 TCP_MISS/200 2326 GET "
                + "http://example.com/a?token=secret - HIER_DIRECT/198.51.100.7 -\n"
        )
        #expect(
            logged(sampleTunnel(), .squid) == "971186136.158     34 192.0.2.1 TCP_TUNNEL/200 2326 CONNECT "
                + "[2001:db8::1]:443 - HIER_DIRECT/198.51.100.7 -\n"
        )
    }

    @Test(
        "the code says what became of it",
        arguments: [
            (Ending(.proxy, .decide, .refused), AccessRecord.Kind.tunnel, "TCP_DENIED/"),
            (Ending(.client, .read, .fault), .request, "NONE/"),
            (Ending(.client, .relay, .reset), .request, "TCP_MISS_ABORTED/"),
            (Ending(.upstream, .reach, .timeout), .request, "TCP_MISS/"), (.complete, .upgrade, "TCP_TUNNEL/"),
            (Ending(.client, .relay, .closed), .tunnel, "TCP_TUNNEL_ABORTED/"),
        ]
    )
    func codes(_ ending: Ending, _ kind: AccessRecord.Kind, _ code: String) {
        var record = sampleRecord()
        record.upstream = nil
        record.ending = ending
        record.kind = kind
        #expect(logged(record, .squid).contains(" \(code)200 "))
        #expect(logged(record, .squid).contains(" HIER_NONE/- "))
    }

    @Test("a peer has no port, and the type of what came no parameters")
    func peer() {
        var record = sampleRecord()
        record.upstream = "[2001:db8::7]:80"
        record.contentType = "text/html; charset=utf-8"
        #expect(logged(record, .squid).hasSuffix(" - HIER_DIRECT/2001:db8::7 text/html\n"))
    }

    @Test("what was not understood is told in Squid's words")
    func unknown() {
        var record = AccessRecord(id: 1, startedAt: 0, clientAddress: "::1", clientPort: 1, listener: "l")
        record.status = 400
        record.ending = Ending(.client, .read, .fault)
        #expect(logged(record, .squid) == "0.000      0 ::1 NONE/400 0 - error:invalid-request - HIER_NONE/- -\n")
    }

    @Test("a line always has ten columns", arguments: hostileTexts)
    func columns(_ text: String) {
        var record = sampleRecord()
        record.method = text
        record.path = text
        record.user = text
        record.contentType = text
        record.times.total = 123_456_789_000
        let columns = logged(record, .squid).dropLast().split(separator: " ", omittingEmptySubsequences: false)
        #expect(columns.count == 10)
        #expect(columns[1] == "123456789")
    }
}
