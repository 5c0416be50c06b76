import ApusFlow
import ApusReport
import ApusSamples
import Testing

@Suite struct CombinedLogLineTests {
    @Test("a request is written as Apache would")
    func request() {
        #expect(
            logged(sampleRecord(), .combined) == "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "
                + "\"GET http://example.com/a?token=secret HTTP/1.1\" 200 2326 \"-\" \"-\"\n"
        )
        #expect(
            logged(sampleTunnel(), .combined) == "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "
                + "\"CONNECT [2001:db8::1]:443 HTTP/1.1\" 200 2326 \"-\" \"-\"\n"
        )
    }

    @Test("what is not known is a dash")
    func unknown() {
        let record = AccessRecord(id: 1, startedAt: -1, clientAddress: "::1", clientPort: 1, listener: "l")
        #expect(logged(record, .combined) == "::1 - - [31/Dec/1969:23:59:59 +0000] \"- -\" 444 - \"-\" \"-\"\n")
    }

    @Test("a request without an answer has nginx's status for it")
    func unanswered() {
        var record = sampleRecord()
        record.status = 0
        record.ending = Ending(.client, .reach, .closed)
        #expect(logged(record, .combined).contains("HTTP/1.1\" 499 "))
        record.ending = Ending(.proxy, .reach, .stopped)
        #expect(logged(record, .combined).contains("HTTP/1.1\" 444 "))
    }

    @Test("an answer that its client did not wait for has nginx's status for it, whatever was sent")
    func aborted() {
        var record = sampleRecord()
        for how in [Ending.How.closed, .reset] {
            record.ending = Ending(.client, .relay, how)
            #expect(logged(record, .combined).contains("HTTP/1.1\" 499 2326 "))
        }
        record.ending = Ending(.upstream, .relay, .reset)
        #expect(logged(record, .combined).contains("HTTP/1.1\" 200 2326 "))
        var tunnel = sampleTunnel()
        tunnel.ending = Ending(.client, .relay, .reset)
        #expect(logged(tunnel, .combined).contains("HTTP/1.1\" 200 2326 "))
    }

    @Test("the page and the program that asked stand in quotes; of the page what may be shown")
    func heads() {
        var record = sampleRecord()
        record.referer = "http://u:p@a.example/?token=s3cr3t&b=c"
        record.userAgent = "x \"y\""
        let line = logged(record, .combined, redactQueries: .known)
        #expect(line.hasSuffix(#" "http://(redacted)@a.example/?token=...&b=c" "x \"y\"""# + "\n"), "\(line)")
    }

    @Test("quotes and bytes that are not visible ASCII are escaped as Apache does")
    func escaping() {
        var record = sampleRecord()
        record.user = "a b\"c"
        record.path = "/\"\\\n\u{e9}"
        #expect(
            logged(record, .combined) == "192.0.2.1 - a%20b%22c [10/Oct/2000:13:55:36 +0000] "
                + #""GET http://example.com/\"\\\x0a\xc3\xa9 HTTP/1.1" 200 2326 "-" "-""# + "\n"
        )
    }

    @Test("the quotes of a line are always six, or escaped", arguments: hostileTexts)
    func quotes(_ text: String) {
        var record = sampleRecord()
        record.method = text
        record.host = text
        record.user = text
        (record.referer, record.userAgent) = (text, text)
        let line = logged(record, .combined).replacing("\\\\", with: "").replacing("\\\"", with: "")
        #expect(line.filter { $0 == "\"" }.count == 6)
        #expect(line.utf8.allSatisfy { $0 < 0x80 })
    }
}
