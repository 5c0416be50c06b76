import ApusFlow
import ApusReport
import ApusSamples
import Testing

@Suite struct ArchiveEntryTests {
    private func entry(_ transaction: Transaction, redactingQueries: QueryRedaction = .none) throws -> JSONValue {
        let bytes = HTTPArchive.write([transaction], version: "1", redactingQueries: redactingQueries)
        return try #require(JSONValue.parse(bytes.span)?["log"]?["entries"]?.elements.first)
    }

    private func pairs(_ value: JSONValue?) -> [[String?]] {
        (value?.elements ?? []).map { [$0["name"]?.text, $0["value"]?.text] }
    }

    private func head(_ text: String) -> RecordedHead? {
        RecordedHead(Array(text.utf8), redactingQueries: false)
    }

    @Test("a request has its head, its sizes, its times and its log line")
    func whole() throws {
        let request =
            "POST http://example.com/a?x=1&y&z=a=b HTTP/1.1\r\nCookie: a=1; b=2\r\nContent-Type: text/plain\r\n\r\n"
        let response = "HTTP/1.1 302 Moved On\r\nSet-Cookie: s=1; Path=/p; HttpOnly\r\nLocation: /n\r\n\r\n"
        var record = sampleRecord()
        record.method = "POST"
        record.path = "/a?x=1&y&z=a=b"
        record.status = 302
        record.bytes = ByteCounts(fromClient: UInt64(request.utf8.count + 5), toClient: UInt64(response.utf8.count + 7))
        let body = RecordedBody(bytes: Array("héllo".utf8.dropLast(4)), total: 6)
        let transaction = Transaction(
            record: record,
            request: head(request),
            response: head(response),
            requestBody: body
        )
        let entry = try entry(transaction)
        #expect(entry["startedDateTime"]?.text == "2000-10-10T13:55:36.123Z")
        #expect(entry["connection"]?.text == "80")
        #expect(entry["serverIPAddress"]?.text == "198.51.100.7")
        #expect(entry["cache"] == .object([:]))
        #expect(entry["_apus"]?["id"]?.text == "0123456789abcdef")
        let asked = entry["request"]
        #expect(asked?["url"]?.text == "http://example.com/a?x=1&y&z=a=b")
        #expect(asked?["httpVersion"]?.text == "HTTP/1.1")
        #expect(pairs(asked?["queryString"]) == [["x", "1"], ["y", ""], ["z", "a=b"]])
        #expect(pairs(asked?["cookies"]) == [["", "(redacted)"], ["", "(redacted)"]])
        #expect(
            pairs(asked?["headers"]) == [["Cookie", "(redacted); (redacted)"], ["Content-Type", "text/plain"]]
        )
        #expect(asked?["headersSize"]?.whole == Int64(request.utf8.count))
        #expect(asked?["bodySize"]?.whole == 6)
        #expect(asked?["postData"]?["mimeType"]?.text == "text/plain")
        // The second half of the é was cut off.
        #expect(asked?["postData"]?["text"]?.text == "h")
        #expect(asked?["postData"]?["comment"]?.text == "The first 2 of 6 bytes.")
        let answer = entry["response"]
        #expect(answer?["status"]?.whole == 302)
        #expect(answer?["statusText"]?.text == "Moved On")
        #expect(answer?["redirectURL"]?.text == "/n")
        #expect(answer?["content"] == .object(["size": .number("7"), "mimeType": .text("x-unknown")]))
        #expect(answer?["bodySize"]?.whole == 7)
        #expect(answer?["_error"] == nil)
        let cookie = answer?["cookies"]?.elements.first
        #expect(cookie?["value"]?.text == "(redacted)")
        #expect(cookie?["path"]?.text == "/p")
        #expect(cookie?["httpOnly"]?.truth == true)
    }

    @Test("the time is the sum of the timings, and what was not needed is -1")
    func timings() throws {
        let entry = try entry(Transaction(record: sampleRecord()))
        let timings: [String: JSONValue] = [
            "blocked": .number("0.003"), "dns": .number("1.5"), "connect": .number("2.5"), "ssl": .number("-1"),
            "send": .number("0"), "wait": .number("30"), "receive": .number("0.564"),
        ]
        #expect(entry["timings"] == .object(timings))
        #expect(entry["time"]?.double == 34.567)
        var record = sampleRecord()
        record.times = PhaseTimes(firstByte: 900, total: 5)
        let bare = try self.entry(Transaction(record: record))
        #expect(bare["timings"]?["dns"]?.whole == -1)
        #expect(bare["timings"]?["receive"]?.whole == 0)
        #expect(bare["time"]?.double == 0.9)
    }

    @Test("a tunnel stands as the URL of its host, and a request without one as about:invalid")
    func urls() throws {
        let tunnel = try entry(Transaction(record: sampleTunnel()))
        #expect(tunnel["request"]?["url"]?.text == "https://[2001:db8::1]:443/")
        #expect(tunnel["request"]?["method"]?.text == "CONNECT")
        var record = sampleRecord()
        record.host = ""
        record.path = ""
        record.httpVersion = ""
        let unknown = try entry(Transaction(record: record))
        #expect(unknown["request"]?["url"]?.text == "about:invalid")
        #expect(unknown["request"]?["httpVersion"]?.text == "unknown")
    }

    @Test("what is not recorded is said, and no size is made up")
    func missing() throws {
        let entry = try entry(Transaction(record: sampleRecord()))
        #expect(entry["request"]?["headersSize"]?.whole == -1)
        #expect(entry["request"]?["bodySize"]?.whole == -1)
        #expect(entry["request"]?["comment"]?.text == "The head is not recorded.")
        #expect(entry["response"]?["content"]?["comment"]?.text == "The size is not known.")
        #expect(entry["response"]?["statusText"]?.text == "OK")
        var record = sampleRecord()
        record.status = 0
        record.bytes.toClient = 0
        record.fault = "client_closed"
        record.reason = "The client went away."
        let none = try self.entry(Transaction(record: record))
        #expect(none["response"]?["_error"]?.text == "client_closed")
        #expect(none["response"]?["bodySize"]?.whole == 0)
        #expect(none["comment"]?.text == "The client went away.")
    }

    @Test("a head that has changed on its way to the client does not count for the body")
    func rewritten() throws {
        let text = "HTTP/1.0 200 OK\r\n\r\n"
        var record = sampleRecord()
        record.bytes = ByteCounts(toClient: 100, fromUpstream: UInt64(text.utf8.count + 9))
        #expect(try entry(Transaction(record: record, response: head(text)))["response"]?["bodySize"]?.whole == 9)
        var tunnel = sampleTunnel()
        tunnel.bytes = ByteCounts(toClient: 100, fromUpstream: 61)
        #expect(try entry(Transaction(record: tunnel))["response"]?["content"]?["size"]?.whole == 61)
    }

    @Test("a body that is no text is base64, with its coding told")
    func binary() throws {
        let bodies: [([UInt8], String)] = [([0xff], "/w=="), ([0xff, 0xfe], "//4="), ([0xff, 0, 0x10], "/wAQ")]
        for (bytes, text) in bodies {
            let transaction = Transaction(
                record: sampleRecord(),
                response: head("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: image/png\r\n\r\n"),
                requestBody: RecordedBody(bytes: bytes, total: UInt64(bytes.count)),
                responseBody: RecordedBody(bytes: bytes, total: UInt64(bytes.count))
            )
            let entry = try entry(transaction)
            let content = entry["response"]?["content"]
            #expect(content?["text"]?.text == text)
            #expect(content?["encoding"]?.text == "base64")
            #expect(content?["mimeType"]?.text == "image/png")
            #expect(content?["comment"]?.text == "The content coding gzip is not removed.")
            #expect(entry["request"]?["postData"]?["_encoding"]?.text == "base64")
        }
    }

    @Test("queries that are redacted are in no part of the entry")
    func redacted() throws {
        let transaction = Transaction(record: sampleRecord())
        let entry = try entry(transaction, redactingQueries: true)
        #expect(entry["request"]?["url"]?.text == "http://example.com/a?...")
        #expect(entry["request"]?["queryString"] == .array([]))
        let bytes = HTTPArchive.write([transaction], version: "1", redactingQueries: true)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"))
        let known = try self.entry(transaction, redactingQueries: .known)
        #expect(known["request"]?["url"]?.text == "http://example.com/a?token=...")
        #expect(known["request"]?["queryString"] == .array([.object(["name": .text("token"), "value": .text("...")])]))
    }
}
