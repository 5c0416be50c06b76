import ApusWire
import Testing

@Suite struct TrailerSectionTests {
    private func scan(_ text: String, from: Int = 0, limit: Int = 16 * 1024) -> TrailerSection.Scan {
        let bytes = Array(text.utf8)
        return TrailerSection.scan(bytes.span, from: from, limit: limit)
    }

    private func relayed(_ text: String, room: Int = 4096, at: Int = 0) -> String? {
        let bytes = Array(text.utf8)
        var scratch = [UInt8](repeating: 0, count: room)
        var span = scratch.mutableSpan
        let end = TrailerSection.write(bytes.span, ByteRange(0, bytes.count), into: &span, at: at)
        guard let end else { return nil }
        return String(decoding: scratch[at..<end], as: UTF8.self)
    }

    @Test(
        "a sound section is complete at its empty line and incomplete before",
        arguments: [
            "\r\n", "X: y\r\n\r\n", "X:\r\nEtag: \"a\"\r\n\r\n", "grpc-status: 0\r\nb:  \tc \r\n\r\n",
            "X: \u{e9}\r\n\r\n",
        ]
    )
    func complete(_ text: String) {
        let bytes = Array(text.utf8)
        for offset in 0..<bytes.count {
            #expect(TrailerSection.scan(Array(bytes[..<offset]).span, from: 0) == .incomplete, "\(offset) bytes")
        }
        #expect(scan(text) == .complete(end: bytes.count))
        #expect(scan(text + "GET / HTTP/1.1\r\n\r\n") == .complete(end: bytes.count))
        #expect(scan("0\r\n" + text + "x", from: 3) == .complete(end: bytes.count + 3))
    }

    @Test(
        "a malformed section is refused, and never taken as complete before",
        arguments: [
            ("X : y\r\n\r\n", TrailerFault.spaceBeforeColon), ("X\t: y\r\n\r\n", .spaceBeforeColon),
            (": y\r\n\r\n", .malformedFieldName), ("X\r\n\r\n", .malformedFieldName),
            ("X(: y\r\n\r\n", .malformedFieldName),
            ("X\0: y\r\n\r\n", .malformedFieldName), (" X: y\r\n\r\n", .obsoleteFolding),
            ("X: y\r\n z\r\n\r\n", .obsoleteFolding), ("X: y\n\n", .bareLF), ("X: y\r\n\n", .bareLF), ("\n", .bareLF),
            ("X: y\rz\r\n\r\n", .bareCR), ("X: y\r\r\n\r\n", .bareCR), ("X: a\0b\r\n\r\n", .malformedFieldValue),
            ("X: a\u{7f}\r\n\r\n", .malformedFieldValue), ("X: y\r\n\rz", .bareCR),
        ]
    )
    func faulty(_ text: String, _ fault: TrailerFault) {
        let bytes = Array(text.utf8)
        #expect(scan(text) == .faulty(fault))
        for offset in 0..<bytes.count {
            let verdict = TrailerSection.scan(Array(bytes[..<offset]).span, from: 0)
            #expect(verdict == .incomplete || verdict == .faulty(fault), "\(offset) bytes")
        }
    }

    @Test("a section may take exactly its limit and not a byte more")
    func limit() {
        #expect(scan("X: y\r\n\r\n", limit: 8) == .complete(end: 8))
        #expect(scan("X: yy\r\n\r\n", limit: 8) == .faulty(.tooLarge))
        #expect(scan("X: yyyyyyyyyyyy", limit: 8) == .faulty(.tooLarge))
        #expect(scan("X: yyyy", limit: 8) == .incomplete)
        #expect(scan("X: yyyyy", limit: 8) == .faulty(.tooLarge))
        #expect(scan("0\r\nX: y\r\n\r\n", from: 3, limit: 8) == .complete(end: 11))
    }

    @Test(
        "fields that may not stand in trailers are dropped, in any case",
        arguments: [
            "Content-Length: 5", "TRANSFER-ENCODING: chunked", "host: evil", "Connection: close", "Keep-Alive: 1",
            "TE: x",
            "Trailer: x", "Upgrade: x", "Proxy-Authorization: x", "proxy-connection: x", "Content-Encoding: gzip",
            "Content-Type: x", "Content-Range: x", "Authorization: x", "Cookie: a", "Set-Cookie: a", "Cache-Control: x",
            "Max-Forwards: 1", "Expect: 100-continue", "Via: 1.1 x", "If-None-Match: x", "X-Forwarded-For: 1", "Age: 1",
        ]
    )
    func forbidden(_ line: String) {
        #expect(relayed("A: 1\r\n\(line)\r\nB: 2\r\n\r\n") == "A: 1\r\nB: 2\r\n\r\n")
        #expect(relayed("\(line)\r\n\r\n") == "\r\n")
    }

    @Test("other fields are relayed as they came")
    func relay() {
        let text = "Grpc-Status: 0\r\nX-Host: a\r\nETag:\"x\"\r\nIf: 1\r\nContent-Lengths: 2\r\n\r\n"
        #expect(relayed(text) == text)
        #expect(relayed(text, at: 7) == text)
        #expect(relayed("\r\n") == "\r\n")
    }

    @Test("a scratch that is too small is told, not overrun")
    func noRoom() {
        let text = "X: y\r\n\r\n"
        #expect(relayed(text, room: text.utf8.count) == text)
        for room in 0..<text.utf8.count { #expect(relayed(text, room: room) == nil) }
    }
}
