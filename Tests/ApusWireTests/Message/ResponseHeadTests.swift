import Testing

@testable import ApusWire

@Suite struct ResponseHeadTests {
    private static let sound = [
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 404 Not Found\r\nContent-Length : 5\r\n\r\n", "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 200 \r\nA: b\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.5 599 \t x\r\n\r\n",
    ]

    static let faults: [(String, ResponseFault)] = [
        ("HTTP/1.1\r\n", .malformedStatusLine), ("\r\nHTTP/1.1 200 OK\r\n", .malformedStatusLine),
        ("HTTP/1.1  200 OK\r\n", .malformedStatusLine), ("HTTP/1.1 20 OK\r\n", .malformedStatusLine),
        ("HTTP/1.1 2000 OK\r\n", .malformedStatusLine), ("HTTP/1.1 abc OK\r\n", .malformedStatusLine),
        ("HTTP/1.1 200OK\r\n", .malformedStatusLine), ("HTTP/1.1\t200 OK\r\n", .malformedStatusLine),
        ("HTTP/1.1 +20 OK\r\n", .malformedStatusLine), ("HTTP/1.1 200\tOK\r\n", .malformedStatusLine),
        ("http/1.1 200 OK\r\n", .malformedStatusLine), ("HTTP/1.1 200 O\0K\r\n", .malformedStatusLine),
        ("HTTP/2.0 200 OK\r\n", .unsupportedVersion), ("HTTP/1.1 099 x\r\n", .statusOutOfRange),
        ("HTTP/1.1 600 x\r\n", .statusOutOfRange), ("HTTP/1.1 999 x\r\n", .statusOutOfRange),
        ("HTTP/1.1 200 \(String(repeating: "x", count: 17000))\r\n", .headTooLarge),
        (
            "HTTP/1.1 200 OK\r\n\(String(repeating: "A: \(String(repeating: "x", count: 9000))\r\n", count: 15))",
            .headTooLarge
        ),
        ("HTTP/1.1 200 OK\r\n\(String(repeating: "A: b\r\n", count: 257))", .tooManyFields),
        ("HTTP/1.1 200 OK\r\n(: b\r\n", .malformedFieldName), ("HTTP/1.1 200 OK\r\nA\r\n", .malformedFieldName),
        ("HTTP/1.1 200 OK\r\nA: \u{1}\r\n", .malformedFieldValue),
        ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n", .obsoleteFolding),
        ("HTTP/1.1 200 OK\r\nA: b\rc\r\n", .bareCR), ("HTTP/1.1 200 OK\r\nA: b\n", .bareLF),
        ("HTTP/1.1 200 OK\n", .bareLF), ("HTTP/1.1 200 OK\rA", .bareCR),
        ("HTTP/1.1 200 OK\r\n A: b\r\n", .leadingSpace),
    ]

    @Test("a head is incomplete until its last byte, and what follows it changes nothing", arguments: sound)
    func cuts(_ head: String) {
        let bytes = Array(head.utf8)
        for cut in 0..<bytes.count { #expect(ResponseReading(Array(bytes[..<cut])).isIncomplete, "\(cut)") }
        let whole = ResponseReading(bytes)
        #expect(whole.facts != nil)
        for tail in ["\r\n", "\0", "HTTP/1.1 200 OK\r\n\r\n", "A: b\r\n\r\n"] {
            let reading = ResponseReading(bytes + Array(tail.utf8))
            #expect(reading.head?.end == bytes.count)
            #expect(reading.rewritten == whole.rewritten)
        }
    }

    @Test("each fault is found, and at no cut is there another one")
    func faulty() {
        for (head, fault) in Self.faults {
            let bytes = Array(head.utf8)
            #expect(ResponseReading(bytes + Array("\r\n\r\n".utf8)).fault == fault, "\(head.prefix(60))")
            let cuts = bytes.count < 200 ? Array(0...bytes.count) : Array(stride(from: 0, to: bytes.count, by: 971))
            for cut in cuts {
                let reading = ResponseReading(Array(bytes[..<cut]))
                #expect(reading.head == nil)
                #expect(reading.fault == nil || reading.fault == fault, "\(head.prefix(60)) at \(cut)")
            }
        }
    }

    @Test("one field line may take the whole head, but not more")
    func longLine() {
        let limits = HeadLimits(startLine: 100, fieldLine: 100, head: 1000)
        let line = { (count: Int) in Array("HTTP/1.1 200 OK\r\nA: \(String(repeating: "v", count: count))\r\n\r\n".utf8)
        }
        #expect(ResponseReading(line(97), limits: limits).facts != nil)
        #expect(ResponseReading(line(98), limits: limits).fault == .fieldLineTooLong)
        #expect(ResponseReading(line((128 << 10) - 24)).facts != nil)
        #expect(ResponseReading(line((128 << 10) - 23)).fault == .headTooLarge)
    }

    @Test("random and spoiled heads are read as a naive reader does, and written byte for byte as it would")
    func reference() {
        var heads = RandomHeads(3)
        var accepted = 0
        let methods = [Method.get, .get, .head, .post]
        for round in 0..<6000 {
            var bytes = heads.response()
            if round % 3 == 0 { bytes = heads.spoiled(bytes) }
            let method = methods[round % 4]
            let upgrade = round % 5 < 2 ? ["websocket", "a/1"] : []
            let closes = round % 2 == 0
            let strips = round % 7 == 0
            let reading = ResponseReading(
                bytes + [0x78],
                method: method,
                upgrade: upgrade,
                closes: closes,
                stripsCoding: strips
            )
            let reference = ReferenceResponse(bytes + [0x78], method: method, upgrade: upgrade)
            #expect((reading.facts != nil) == (reference != nil), "\(text(bytes))")
            guard let facts = reading.facts, let reference else { continue }
            accepted += 1
            #expect(reading.head?.end == reference.head.end)
            #expect(
                reading.rewritten.map { text($0) } == reference.rewritten(closes: closes, stripsCoding: strips),
                "\(text(bytes))"
            )
            #expect(facts.body == reference.body, "\(text(bytes))")
            #expect(facts.persistent == reference.persistent, "\(text(bytes))")
        }
        #expect(accepted > 400)
    }

    @Test("whatever the bytes, the answer never changes once it is given")
    func monotone() {
        var heads = RandomHeads(4)
        for round in 0..<150 {
            var bytes = heads.response()
            if round % 2 == 0 { bytes = heads.spoiled(bytes) }
            let whole = ResponseReading(bytes)
            var isDecided = false
            for cut in 0...bytes.count {
                let reading = ResponseReading(Array(bytes[..<cut]))
                if isDecided { #expect(!reading.isIncomplete, "\(text(bytes)) at \(cut)") }
                guard !reading.isIncomplete else { continue }
                isDecided = true
                #expect(reading.fault == whole.fault, "\(text(bytes)) at \(cut)")
                #expect(reading.rewritten == whole.rewritten)
            }
        }
    }
}
