import Testing

@testable import ApusWire

@Suite struct ResponseRewriterTests {
    private static let date = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    private static let via = "Via: 1.1 \(pseudonym)\r\n\r\n"

    private func rewritten(
        _ head: String,
        closes: Bool = false,
        stripsCoding: Bool = false,
        upgrade: [String] = []
    ) -> String? {
        ResponseReading(Array(head.utf8), upgrade: upgrade, closes: closes, stripsCoding: stripsCoding)
            .rewritten.map { text($0) }
    }

    @Test(
        "the status line goes on in the own version, with its reason as it came",
        arguments: [
            ("HTTP/1.1 200 OK", "HTTP/1.1 200 OK", 1), ("HTTP/1.0 404 Not  Found", "HTTP/1.1 404 Not  Found", 0),
            ("HTTP/1.1 200", "HTTP/1.1 200 ", 1), ("HTTP/1.1 200 ", "HTTP/1.1 200 ", 1),
            ("HTTP/1.3 599 \t", "HTTP/1.1 599 \t", 1),
        ]
    )
    func statusLines(_ line: String, _ written: String, _ minor: Int) {
        #expect(
            rewritten("\(line)\r\nDate: x\r\n\r\n") == "\(written)\r\nDate: x\r\nVia: 1.\(minor) \(pseudonym)\r\n\r\n"
        )
        #expect(rewritten("\(line)\r\n\r\n") == "\(written)\r\n\(Self.date)Via: 1.\(minor) \(pseudonym)\r\n\r\n")
    }

    @Test("what speaks to this hop alone does not go on, but framing, Date and Via do whatever Connection says")
    func hops() {
        let head = """
            HTTP/1.1 200 OK\r
            X-A:  1 \t\r
            Connection: X-B, Content-Length, Date, Via, Set-Cookie\r
            X-B: 2\r
            Set-Cookie: a=b\r
            Keep-Alive: timeout=5\r
            Proxy-Connection: x\r
            Proxy-Authenticate: Basic\r
            Proxy-Authentication-Info: x\r
            Upgrade: h2\r
            TE: x\r
            Content-Length: 5\r
            Date: now\r
            Via: 1.1 a\r
            X-C: 3\r
            \r

            """
        #expect(
            rewritten(head, closes: true) == """
                HTTP/1.1 200 OK\r
                X-A:  1 \t\r
                Content-Length: 5\r
                Date: now\r
                Via: 1.1 a\r
                X-C: 3\r
                Connection: close\r
                \(Self.via)
                """
        )
    }

    @Test("a space before a colon is removed")
    func spaced() {
        #expect(
            rewritten("HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length \t:  5 \r\nB : \r\nC:  3\r\nDate : x\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 5\r\nB: \r\nC:  3\r\nDate: x\r\n" + Self.via
        )
    }

    @Test("equal lengths become one, without framing where none may be")
    func lengths() {
        #expect(
            rewritten("HTTP/1.1 200 OK\r\nContent-Length: 5, 05\r\nA: b\r\nContent-Length : 5\r\nDate: x\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nA: b\r\nDate: x\r\nContent-Length: 5\r\n" + Self.via
        )
        for fields in ["Content-Length: 5", "Content-Length: 5, 5", "Transfer-Encoding: chunked"] {
            #expect(
                rewritten("HTTP/1.1 204 x\r\n\(fields)\r\nDate: x\r\n\r\n") == "HTTP/1.1 204 x\r\nDate: x\r\n"
                    + Self.via
            )
            #expect(rewritten("HTTP/1.1 103 x\r\n\(fields)\r\n\r\n") == "HTTP/1.1 103 x\r\n" + Self.via)
        }
        #expect(
            rewritten("HTTP/1.1 304 x\r\nContent-Length: 5, 5\r\nDate: x\r\n\r\n")
                == "HTTP/1.1 304 x\r\nDate: x\r\nContent-Length: 5\r\n" + Self.via
        )
    }

    @Test("the coding and its Trailer are taken off for an HTTP/1.0 client")
    func strips() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\nDate: x\r\n\r\n"
        #expect(rewritten(head) == String(head.dropLast()) + Self.via)
        #expect(
            rewritten(head, closes: true, stripsCoding: true)
                == "HTTP/1.1 200 OK\r\nDate: x\r\nConnection: close\r\n" + Self.via
        )
    }

    @Test("101 and 426 keep Upgrade, and name it in Connection; no other status does")
    func upgrades() {
        let fields = "Connection: upgrade\r\nUpgrade : a\r\nUpgrade:  b\r\n\r\n"
        let upgrade = "Upgrade: a\r\nUpgrade: b\r\nConnection: Upgrade\r\n"
        #expect(
            rewritten("HTTP/1.1 101 x\r\n" + fields, upgrade: ["a", "b"]) == "HTTP/1.1 101 x\r\n" + upgrade + Self.via
        )
        #expect(rewritten("HTTP/1.1 426 x\r\n" + fields) == "HTTP/1.1 426 x\r\n" + upgrade + Self.date + Self.via)
        #expect(rewritten("HTTP/1.1 426 x\r\n\r\n") == "HTTP/1.1 426 x\r\n" + Self.date + Self.via)
        #expect(rewritten("HTTP/1.1 200 x\r\n" + fields) == "HTTP/1.1 200 x\r\n" + Self.date + Self.via)
    }

    @Test("a client is told that connections which are authenticated will be its own") func sessions() {
        let head = "HTTP/1.1 401 x\r\nWWW-Authenticate: NTLM\r\nDate: x\r\n"
        let session = "Proxy-Support: Session-Based-Authentication\r\nConnection: Proxy-Support\r\n"
        for closes in [false, true] {
            let reading = ResponseReading(Array((head + "\r\n").utf8), closes: closes, servesSessions: true)
            #expect(
                reading.rewritten.map { text($0) } == head + session + (closes ? "Connection: close\r\n" : "")
                    + Self.via
            )
        }
    }

    @Test("a scratch that is one byte too small takes no head")
    func room() throws {
        let bytes = Array("HTTP/1.0 426\r\nA : b\r\nUpgrade: a\r\nContent-Length: 5, 5\r\n\r\n".utf8)
        let whole = try #require(ResponseReading(bytes, closes: true).rewritten)
        var table = FieldTable()
        guard case .complete(let head) = ResponseParser.parse(bytes.span, limits: .response, fields: &table) else {
            Issue.record("no head")
            return
        }
        let facts = try ResponseProperties.judge(bytes.span, head, table, method: .get, upgrade: UpgradeOffer())
        let names = HeadText(pseudonym: Array(pseudonym.utf8))
        for room in 0...whole.count + 1 {
            var scratch = [UInt8](repeating: 0, count: room)
            var span = scratch.mutableSpan
            let count = ResponseRewriter.write(
                bytes.span,
                head,
                facts,
                table,
                manner: .init(closes: true, stripsCoding: false),
                text: names,
                into: &span
            )
            #expect(count == (room < whole.count ? nil : whole.count))
        }
    }

    @Test("what is written is a strict head with the same framing, nothing of this hop, and the own Via last")
    func strict() {
        var heads = RandomHeads(9)
        var written = 0
        for round in 0..<3000 {
            let bytes = round % 4 == 0 ? heads.spoiled(heads.response()) : heads.response()
            let first = ResponseReading(bytes, upgrade: ["websocket"])
            guard let output = first.rewritten, let facts = first.facts else { continue }
            written += 1
            let second = ResponseReading(output, upgrade: ["websocket"])
            #expect(second.head?.end == output.count, "\(text(output))")
            #expect(second.facts?.body == facts.body && second.facts?.status == facts.status, "\(text(output))")
            #expect(second.facts?.collapsedLength == nil)
            #expect(second.fields.allSatisfy { !$0.spaced })
            #expect(second.fields.last?.known == .via)
            #expect(second.fields.count { $0.known == .date } >= (facts.status < 200 ? 0 : 1))
            let switches = facts.status == 101 || facts.status == 426
            #expect(
                second.fields.allSatisfy {
                    !$0.known.isHopByHop || (switches && [.upgrade, .connection].contains($0.known))
                }
            )
        }
        #expect(written > 150)
    }

    @Test("a second proxy adds its Via and changes nothing else")
    func idempotent() throws {
        var heads = RandomHeads(10)
        for round in 0..<2000 {
            let closes = round % 2 == 0
            let first = ResponseReading(heads.response(), upgrade: ["websocket"], closes: closes)
            guard let output = first.rewritten, let once = ReferenceHead(output, isRequest: false) else { continue }
            let again = ResponseReading(output, upgrade: ["websocket"], closes: closes)
            let twice = try #require(again.rewritten.flatMap { ReferenceHead($0, isRequest: false) })
            #expect(twice.start == once.start)
            let ends: Set = ["upgrade", "connection"]
            #expect(
                twice.lines.filter { !ends.contains($0.key) }.map(\.raw)
                    == once.lines.filter { !ends.contains($0.key) }.map(\.raw) + ["Via: 1.1 \(pseudonym)\r\n"]
            )
            for name in ends { #expect(twice.all(name).map(\.raw) == once.all(name).map(\.raw)) }
        }
    }
}
