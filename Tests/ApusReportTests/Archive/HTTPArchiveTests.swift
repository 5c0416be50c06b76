import ApusFlow
import ApusReport
import ApusSamples
import Testing

@Suite struct HTTPArchiveTests {
    @Test("an archive is of version 1.2, names its maker and has its entries in order")
    func log() throws {
        let first = Transaction(record: sampleRecord())
        let second = Transaction(record: sampleTunnel())
        let bytes = HTTPArchive.write([first, second], version: "1.0")
        let log = try #require(JSONValue.parse(bytes.span)?["log"])
        #expect(log["version"]?.text == "1.2")
        #expect(log["creator"] == .object(["name": .text("Apus"), "version": .text("1.0")]))
        #expect(log["pages"] == .array([]))
        #expect(log["entries"]?.elements.map { $0["request"]?["method"]?.text } == ["GET", "CONNECT"])
    }

    @Test("an archive of nothing has no entries")
    func empty() {
        let text = String(decoding: HTTPArchive.write([], version: "1"), as: UTF8.self)
        #expect(text == #"{"log":{"version":"1.2","creator":{"name":"Apus","version":"1"},"pages":[],"entries":[]}}"#)
    }

    @Test("what a peer wrote stays text", arguments: hostileTexts)
    func hostile(_ text: String) throws {
        var record = sampleRecord()
        record.path = "/" + text
        record.method = text
        record.user = text
        record.reason = text
        let head = RecordedHead(line: "GET \(text)", fields: [.init("Cookie", text), .init("Set-Cookie", text)])
        let body = RecordedBody(bytes: Array(text.utf8), total: UInt64(text.utf8.count))
        let transaction = Transaction(
            record: record,
            request: head,
            response: head,
            requestBody: body,
            responseBody: body
        )
        let bytes = HTTPArchive.write([transaction], version: "1")
        let entry = try #require(JSONValue.parse(bytes.span)?["log"]?["entries"]?.elements.first)
        #expect(entry["request"]?["method"]?.text == text)
        #expect(entry["_apus"]?["user"]?.text == text)
        #expect(entry["response"]?["content"]?["text"]?.text == text)
        let url = entry["request"]?["url"]?.text ?? ""
        #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"\"<>\\^`{|}".utf8.contains($0) })
    }
}
