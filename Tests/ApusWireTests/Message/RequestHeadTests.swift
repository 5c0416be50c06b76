import Testing

@testable import ApusWire

@Suite struct RequestHeadTests {
    private static let sound = [
        "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", "\r\nGET http://h/ HTTP/1.0\r\n\r\n",
        "\r\n\r\n\r\n\r\nOPTIONS * HTTP/1.1\r\nHost:\r\n\r\n", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n",
        "POST http://h/a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-A: \t b \r\nx-empty:\r\n\r\n",
        "GET http://h/ HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, X\r\nUpgrade: a, b/1\r\nX: y\r\nTE: trailers\r\n\r\n",
    ]

    /// Each fault that the bytes of a head can have, and the first such bytes.
    static let faults: [(String, RequestFault)] = [
        ("GET\r\n", .malformedRequestLine), ("GET /\r\n", .malformedRequestLine),
        ("GET / HTTP/1.1 \r\n", .malformedRequestLine),
        (" GET / HTTP/1.1\r\n", .malformedMethod), ("G(T / HTTP/1.1\r\n", .malformedMethod),
        ("\u{16}\u{3}\u{1}", .malformedMethod),
        ("GET  / HTTP/1.1\r\n", .malformedTarget), ("GET /\t HTTP/1.1\r\n", .malformedTarget),
        ("GET /\u{7f} HTTP/1.1\r\n", .malformedTarget), ("GET / a HTTP/1.1\r\n", .malformedRequestLine),
        ("GET /\0 HTTP/1.1\r\n", .malformedTarget), ("GET / HTTP/2.0\r\n", .unsupportedVersion),
        ("GET / HTTP/1.1x\r\n", .malformedVersion), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2Preface),
        ("PRJ * HTTP/2.0\r\n", .unsupportedVersion), ("PRI * HTTP/3.0\r\n", .unsupportedVersion),
        ("GET /\(String(repeating: "x", count: 17000)) HTTP/1.1\r\n", .requestLineTooLong),
        (String(repeating: "G", count: 17000) + "\u{1}", .requestLineTooLong),
        ("GET / HTTP/1.1\(String(repeating: "1", count: 17000))", .requestLineTooLong),
        ("GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 66000))\r\n", .headTooLarge),
        (
            "GET / HTTP/1.1\r\n\(String(repeating: "A: \(String(repeating: "x", count: 9000))\r\n", count: 8))",
            .headTooLarge
        ),
        ("GET / HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 257))", .tooManyFields),
        ("GET / HTTP/1.1\r\n(: b\r\n", .malformedFieldName), ("GET / HTTP/1.1\r\nA : b\r\n", .spaceBeforeColon),
        ("GET / HTTP/1.1\r\nA: \u{1}\r\n", .malformedFieldValue),
        ("GET / HTTP/1.1\r\nA: b\r\n c\r\n", .obsoleteFolding),
        ("GET / HTTP/1.1\r\nA: b\rc\r\n", .bareCR), ("GET / HTTP/1.1\r\nA: b\n", .bareLF),
        ("GET / HTTP/1.1\n", .bareLF),
        ("GET / HTTP/1.1\rHost", .bareCR), ("GET\n", .bareLF), ("GET /\n", .bareLF), ("\n", .bareLF), ("\r\r", .bareCR),
        ("GET / HTTP/1.1\r\n A: b\r\n", .leadingSpace), ("\r\n\r\n\r\n\r\n\r\n", .emptyLinesBeforeRequest),
    ]

    @Test("a head is incomplete until its last byte, and what follows it changes nothing", arguments: sound)
    func cuts(_ head: String) throws {
        let bytes = Array(head.utf8)
        for cut in 0..<bytes.count { #expect(RequestReading(Array(bytes[..<cut])).isIncomplete, "\(cut)") }
        let whole = RequestReading(bytes)
        #expect(whole.facts != nil)
        for tail in ["\r\n", "\0", "GET http://h/smuggled HTTP/1.1\r\nHost: h\r\n\r\n", "A: b\r\n\r\n", " "] {
            let reading = RequestReading(bytes + Array(tail.utf8))
            #expect(reading.head?.end == bytes.count)
            #expect(reading.fields.count == whole.fields.count)
            #expect(reading.rewritten == whole.rewritten)
        }
    }

    @Test("each fault is found, and at no cut is there another one")
    func faulty() {
        for (head, fault) in Self.faults {
            let bytes = head.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            #expect(RequestReading(bytes).fault == fault, "\(head.prefix(60))")
            #expect(RequestReading(bytes + Array("\r\n\r\n".utf8)).fault == fault, "\(head.prefix(60))")
            for cut in cuts(of: bytes.count) {
                let reading = RequestReading(Array(bytes[..<cut]))
                #expect(reading.head == nil)
                #expect(reading.fault == nil || reading.fault == fault, "\(head.prefix(60)) at \(cut)")
            }
        }
    }

    private func cuts(of count: Int) -> [Int] {
        count < 200 ? Array(0..<count) : Array(0..<100) + Array(stride(from: 100, to: count, by: 971))
    }

    @Test("every byte in the place of every byte of a head is taken or refused as a naive reader would")
    func everyByte() {
        let sound = Array("GET http://h/a HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n".utf8)
        for at in sound.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = sound
                bytes[at] = byte
                let reading = RequestReading(bytes)
                let reference = ReferenceRequest(bytes)
                #expect((reading.facts != nil) == (reference != nil), "\(byte) at \(at)")
                #expect(reading.rewritten.map { text($0) } == reference?.rewritten, "\(byte) at \(at)")
            }
        }
    }

    @Test("random and spoiled heads are read as a naive reader does, and written byte for byte as it would")
    func reference() {
        var heads = RandomHeads(1)
        var accepted = 0
        for round in 0..<6000 {
            var bytes = heads.request()
            if round % 3 == 0 { bytes = heads.spoiled(bytes) }
            let reading = RequestReading(bytes + Array("tail\r\n\r\n".utf8))
            let reference = ReferenceRequest(bytes + Array("tail\r\n\r\n".utf8))
            #expect((reading.facts != nil) == (reference != nil), "\(text(bytes))")
            guard let facts = reading.facts, let reference else { continue }
            accepted += 1
            #expect(reading.head?.end == reference.head.end)
            #expect(reading.rewritten.map { text($0) } == reference.rewritten, "\(text(bytes))")
            #expect(facts.body == reference.body)
            #expect(facts.persistent == reference.persistent, "\(text(bytes))")
            #expect(facts.loops == reference.loops, "\(text(bytes))")
        }
        #expect(accepted > 400)
    }

    @Test("whatever the bytes, the answer never changes once it is given")
    func monotone() {
        var heads = RandomHeads(2)
        for round in 0..<150 {
            var bytes = heads.request()
            if round % 2 == 0 { bytes = heads.spoiled(bytes) }
            let whole = RequestReading(bytes)
            var isDecided = false
            for cut in 0...bytes.count {
                let reading = RequestReading(Array(bytes[..<cut]))
                if isDecided { #expect(!reading.isIncomplete, "\(text(bytes)) at \(cut)") }
                guard !reading.isIncomplete else { continue }
                isDecided = true
                #expect(reading.fault == whole.fault, "\(text(bytes)) at \(cut)")
                #expect(reading.head?.end == whole.head?.end)
                #expect(reading.rewritten == whole.rewritten)
            }
        }
    }

    @Test("empty lines alone are known from a head that has begun")
    func emptyLines() {
        for text in ["", "\r", "\r\n", "\r\n\r\n\r\n\r\n"] {
            let bytes = Array(text.utf8)
            let isOnly = RequestParser.isOnlyEmptyLines(bytes.span)
            #expect(isOnly, "\(text.debugDescription)")
        }
        for text in ["\r\nG", "G", "\r\n ", String(repeating: "\r\n", count: 5)] {
            let bytes = Array(text.utf8)
            let isOnly = RequestParser.isOnlyEmptyLines(bytes.span)
            #expect(!isOnly, "\(text.debugDescription)")
        }
    }
}
