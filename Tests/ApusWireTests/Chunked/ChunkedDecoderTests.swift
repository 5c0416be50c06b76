import ApusWire
import Testing

@Suite struct ChunkedDecoderTests {
    static let sound = [
        "0\r\n", "5\r\nhello\r\n0\r\n\r\n", "000\r\nX: y\r\n\r\n",
        "1\r\na\r\nA\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1",
        "5;a\r\nhello\r\n0;b=c\r\n\r\n", "5 ; a = \"x;\\\"\r \"\r\n",
        "5 \t;\ta\t=\tb ;c;d=\"q\\\"\u{e9}\"\r\nhello\r\n0 ;z\r\n",
        "3;x=\"\"\r\n\r\n\r\r\n00\r\n\r\n", "a;n=1;m=2\r\n\r\n0\r\n\r\n12345\r\n0\r\n",
        "00000000000000f\r\n0123456789abcde\r\n0\r\n",
        "4\r\nab", "4", "4\r", "4;", "4;a=\"", "FFFF\r\n....", "7fffffffffffffff\r\nx", "",
    ]
    static let unsound: [(String, ChunkFault)] = [
        ("\r\n", .malformedSize), ("+5\r\nhello\r\n", .malformedSize), ("-1\r\n", .malformedSize),
        ("0x5\r\nhello\r\n", .malformedSize), (" 5\r\nhello\r\n", .malformedSize), ("g\r\n", .malformedSize),
        (";a\r\n", .malformedSize), ("5,\r\n", .malformedSize), ("5\0\r\n", .malformedSize),
        ("5_0\r\n", .malformedSize),
        ("00000000000000005\r\n", .sizeTooLarge), ("8000000000000000\r\n", .sizeTooLarge),
        ("ffffffffffffffff\r\n", .sizeTooLarge), ("5\nhello\r\n", .malformedLineEnd),
        ("5\rhello\r\n", .malformedLineEnd), ("5\r\r\nhello", .malformedLineEnd), ("5;a\nhello", .malformedLineEnd),
        ("5;a\rb\r\n", .malformedLineEnd), ("5;a=\"\n\"\r\n", .malformedLineEnd), ("5 \r\nhello", .malformedExtension),
        ("5 5\r\n", .malformedExtension), ("5;\r\n", .malformedExtension), ("5;;a\r\n", .malformedExtension),
        ("5;a=\r\n", .malformedExtension), ("5;a \r\n", .malformedExtension), ("5;a=b c\r\n", .malformedExtension),
        ("5;a=\"b\"c\r\n", .malformedExtension), ("5;a\0\r\n", .malformedExtension),
        ("5;a=\"\0\"\r\n", .malformedExtension), ("5;a=\"\\\u{1}\"\r\n", .malformedExtension),
        ("5;a=\"\r\n\"\r\n", .malformedExtension), ("5;\u{e9}\r\n", .malformedExtension),
        ("5\r\nhello0\r\n", .malformedDataEnd), ("5\r\nhello\n0\r\n", .malformedDataEnd),
        ("5\r\nhello\rX", .malformedDataEnd), ("1\r\na\r\n\r\n", .malformedSize),
        ("1\r\na\r\n0\n\r\n", .malformedLineEnd),
    ]
    static let modes = [ChunkedDecoder.Mode.keepFraming, .stripFraming]

    private func expectReference(_ bytes: [UInt8], _ pieces: [[UInt8]], _ note: Comment) {
        let reference = ReferenceChunked(bytes)
        for mode in Self.modes {
            let feed = ChunkedFeed(pieces, mode)
            let expected = mode == .keepFraming ? reference.kept : reference.data
            switch reference.verdict {
            case .incomplete:
                #expect(feed.end == .more, note)
                #expect(feed.passed == expected, note)
                #expect(feed.consumed == bytes.count, note)
            case .complete(let consumed):
                #expect(feed.end == .trailers, note)
                #expect(feed.passed == expected, note)
                #expect(feed.consumed == consumed, note)
            case .faulty:
                #expect(feed.end != .more && feed.end != .trailers, note)
                #expect(expected.starts(with: feed.passed), note)
            }
        }
    }

    @Test("a sound body is read as the grammar says, wherever it is cut", arguments: sound)
    func soundBodies(_ body: String) {
        let bytes = Array(body.utf8)
        for offset in 0...bytes.count { expectReference(bytes, cut(bytes, at: offset), "cut at \(offset)") }
        expectReference(bytes, bytes.map { [$0] }, "byte by byte")
    }

    @Test("a body that breaks the grammar is refused with the same fault, wherever it is cut", arguments: unsound)
    func unsoundBodies(_ body: String, _ fault: ChunkFault) {
        let bytes = Array(body.utf8)
        #expect(ReferenceChunked(bytes).verdict == .faulty)
        for mode in Self.modes {
            for offset in 0...bytes.count {
                #expect(ChunkedFeed(cut(bytes, at: offset), mode).end == .faulty(fault), "cut at \(offset)")
            }
            #expect(ChunkedFeed(bytes.map { [$0] }, mode).end == .faulty(fault))
        }
        for offset in 0...bytes.count { expectReference(bytes, cut(bytes, at: offset), "cut at \(offset)") }
    }

    @Test("random and broken bodies, randomly cut, are read as the grammar says")
    func randomBodies() {
        var random = Seeded(9112)
        let alphabet = Array("0123abf;= \t\"\\\r\n\r\nx".utf8)
        for round in 0..<3000 {
            var body: [UInt8] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let size = Int.random(in: 1...40, using: &random)
                body += Array(String(size, radix: 16, uppercase: Bool.random(using: &random)).utf8)
                if Bool.random(using: &random) {
                    body += Array(
                        [";a", " ;b=c", ";q=\"\\\"\"", ";a ;b"].randomElement(using: &random)?.utf8 ?? "".utf8
                    )
                }
                body += Array("\r\n".utf8) + (0..<size).map { _ in alphabet.randomElement(using: &random) ?? 0 }
                body += Array("\r\n".utf8)
            }
            body += Array("0\r\nX: y\r\n\r\n".utf8)
            if round % 3 == 0 {
                body[Int.random(in: 0..<body.count, using: &random)] = alphabet.randomElement(using: &random) ?? 0
            }
            var pieces: [[UInt8]] = []
            var rest = body[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 1...30, using: &random))
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            expectReference(body, pieces, "round \(round)")
        }
    }

    @Test("a whole read of chunks without extensions passes as one run")
    func oneRun() {
        let body = Array(String(repeating: "a\r\n0123456789\r\n", count: 9000).utf8)
        let feed = ChunkedFeed([body], .keepFraming)
        #expect(feed.runs == 1)
        #expect(feed.passed == body)
    }

    @Test("a dropped extension ends a run, and the next begins at its CRLF")
    func extensionRuns() {
        let body = Array("5;a=b\r\nhello\r\n0\r\n".utf8)
        var decoder = ChunkedDecoder()
        let first = decoder.decode(body.span, from: 0, mode: .keepFraming)
        #expect(first == .init(consumed: 5, pass: ByteRange(0, 1), outcome: .again))
        let second = decoder.decode(body.span, from: 5, mode: .keepFraming)
        #expect(second == .init(consumed: body.count, pass: ByteRange(5, body.count), outcome: .trailers))
    }

    @Test("after the last chunk and after a fault the decoder answers the same again")
    func staysAtTheEnd() {
        let last = Array("0\r\nrest".utf8)
        var decoder = ChunkedDecoder()
        #expect(decoder.decode(last.span, from: 0, mode: .keepFraming).outcome == .trailers)
        #expect(
            decoder.decode(last.span, from: 3, mode: .keepFraming)
                == .init(consumed: 3, pass: ByteRange(3, 3), outcome: .trailers)
        )
        let wrong = Array("zz".utf8)
        var other = ChunkedDecoder()
        for _ in 0..<2 {
            let progress = other.decode(wrong.span, from: 0, mode: .stripFraming)
            #expect(progress.outcome == .faulty(.malformedSize))
            #expect(progress.pass.isEmpty)
        }
    }

    @Test("extension bytes are counted over the whole message")
    func extensionLimit() {
        let limits = ChunkLimits(extensionBytes: 8)
        let within = Array("1;abc\r\na\r\n1 ;de\r\nb\r\n0\r\n".utf8)
        let beyond = Array("1;abc\r\na\r\n1 ;def\r\nb\r\n0\r\n".utf8)
        for offset in 0...within.count {
            #expect(ChunkedFeed(cut(within, at: offset), .keepFraming, limits: limits).end == .trailers)
            #expect(
                ChunkedFeed(cut(beyond, at: offset), .stripFraming, limits: limits).end == .faulty(.extensionsTooLong)
            )
        }
    }

    @Test("a response's extensions are bounded by chunk, and in sum by what comes with them")
    func responseExtensions() {
        let limits = ChunkLimits.response(extensionBytes: 8, chunkExtensionBytes: 6)
        // Seven bytes a chunk, of which one is data: the sum of a request would be used up at the third.
        let chunk = "5;abcd\r\nhello\r\n"
        let stream = Array((String(repeating: chunk, count: 1000) + "0;abcde\r\n\r\n").utf8)
        #expect(ChunkedFeed([stream], .keepFraming, limits: limits).end == .trailers)
        #expect(ChunkedFeed(stream.map { [$0] }, .stripFraming, limits: limits).end == .trailers)
        #expect(
            ChunkedFeed([stream], .keepFraming, limits: ChunkLimits(extensionBytes: 4096)).end
                == .faulty(.extensionsTooLong)
        )
        let wide = Array("64;abcdef\r\n".utf8)
        let thin = Array(String(repeating: "1;abc\r\nx\r\n", count: 4).utf8)
        for body in [wide, thin] {
            for offset in 0...body.count {
                let end = ChunkedFeed(cut(body, at: offset), .keepFraming, limits: limits).end
                #expect(end == .faulty(.extensionsTooLong), "cut at \(offset)")
            }
        }
    }

    @Test("the cap on digits counts leading zeros")
    func digitCap() {
        let limits = ChunkLimits(digits: 4)
        #expect(ChunkedFeed([Array("0001\r\na\r\n0000\r\n".utf8)], .keepFraming, limits: limits).end == .trailers)
        #expect(
            ChunkedFeed([Array("00001\r\na".utf8)], .keepFraming, limits: limits).end == .faulty(.sizeTooLarge)
        )
        #expect(ChunkLimits(digits: 99).digits == 16)
    }

    @Test("a decoder takes at most 32 bytes")
    func size() {
        #expect(MemoryLayout<ChunkedDecoder>.size <= 32)
    }
}
