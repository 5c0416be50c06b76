import Testing

@testable import ApusReport

@Suite struct AnswerHeadTests {
    @Test("a head has a status line, a date, a length and one empty line at its end")
    func head() {
        var bytes: [UInt8] = []
        AnswerHead(
            status: 403,
            contentType: "text/plain",
            contentLength: 12,
            proxyStatus: nil,
            fields: [FieldLine("Retry-After", "5")],
            close: true,
            secondsSince1970: 0
        ).write(into: &bytes)
        let lines = String(decoding: bytes, as: UTF8.self).components("\r\n")
        #expect(lines.first == "HTTP/1.1 403 Forbidden")
        #expect(lines.contains("Date: Thu, 01 Jan 1970 00:00:00 GMT"))
        #expect(lines.contains("Content-Length: 12"))
        #expect(lines.contains("Retry-After: 5"))
        #expect(lines.suffix(3) == ["Connection: close", "", ""])
    }

    @Test("without content there is no type, and a kept connection says so")
    func bare() {
        var bytes: [UInt8] = []
        AnswerHead(status: 200, contentType: nil, contentLength: 0, close: false, secondsSince1970: 0).write(
            into: &bytes
        )
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("Content-Type"))
        #expect(text.hasSuffix("Connection: keep-alive\r\n\r\n"))
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = [""]
        var rest = Substring(self)
        while let first = rest.first {
            if rest.hasPrefix(separator) {
                parts.append("")
                rest = rest.dropFirst(separator.count)
            } else {
                parts[parts.count - 1].append(first)
                rest = rest.dropFirst()
            }
        }
        return parts
    }
}
