import Testing

@testable import ApusWire

@Suite struct RequestRewriterTests {
    private func rewritten(_ head: String) -> String? { RequestReading(head).rewritten.map { text($0) } }

    @Test(
        "the target becomes origin-form and Host names what it named",
        arguments: [
            ("GET http://h", "GET / HTTP/1.1\r\nHost: h"), ("GET http://h/", "GET / HTTP/1.1\r\nHost: h"),
            ("GET http://H.Example.:80/a?b", "GET /a?b HTTP/1.1\r\nHost: H.Example.:80"),
            ("GET http://[2001:DB8::0:1]:80/", "GET / HTTP/1.1\r\nHost: [2001:DB8::0:1]:80"),
            ("GET http://h:08080/", "GET / HTTP/1.1\r\nHost: h:8080"),
            ("GET http://h:8080/", "GET / HTTP/1.1\r\nHost: h:8080"),
            ("GET http://h:0080", "GET / HTTP/1.1\r\nHost: h"), ("GET http://h:", "GET / HTTP/1.1\r\nHost: h"),
            ("GET http://h:443?q", "GET /?q HTTP/1.1\r\nHost: h:443"),
            ("OPTIONS http://h", "OPTIONS * HTTP/1.1\r\nHost: h"),
            ("OPTIONS http://h/", "OPTIONS / HTTP/1.1\r\nHost: h"),
            ("OPTIONS http://h?q", "OPTIONS /?q HTTP/1.1\r\nHost: h"),
            ("X-FROB http://[::1]:8080/%7e%zz", "X-FROB /%7e%zz HTTP/1.1\r\nHost: [::1]:8080"),
            ("GET http://h/\u{e9}?\u{20ac}", "GET /\u{c3}\u{a9}?\u{e2}\u{82}\u{ac} HTTP/1.1\r\nHost: h"),
            ("get http://[::1]//a", "get //a HTTP/1.1\r\nHost: [::1]"),
        ]
    )
    func targets(_ line: String, _ start: String) {
        for host in ["other", ""] {
            let head = "\(line) HTTP/1.1\r\nA: b\r\nHost: \(host)\r\nC: d\r\n\r\n"
            #expect(rewritten(head) == "\(start)\r\nA: b\r\nC: d\r\nVia: 1.1 \(pseudonym)\r\n\r\n")
        }
    }

    @Test("what speaks to this hop alone does not go on")
    func hops() {
        let head = """
            POST http://h/ HTTP/1.1\r
            Host: h\r
            X-A:  1 \t\r
            Proxy-Connection: keep-alive\r
            Connection: x-b ,, TE, Keep-Alive\r
            Keep-Alive: timeout=5\r
            X-B: 2\r
            Proxy-Authorization: Basic eA==\r
            Proxy-Authenticate: Basic\r
            HTTP2-Settings: x\r
            Upgrade: websocket\r
            TE: gzip, trailers\r
            Authorization: Basic eA==\r
            x-b: 3\r
            Via: 1.0 a\r
            Content-Length: 5\r
            Trailer: X-T\r
            \r

            """
        #expect(
            rewritten(head) == """
                POST / HTTP/1.1\r
                Host: h\r
                X-A:  1 \t\r
                Authorization: Basic eA==\r
                Via: 1.0 a\r
                Content-Length: 5\r
                Trailer: X-T\r
                TE: trailers\r
                Connection: TE\r
                Via: 1.1 \(pseudonym)\r
                \r

                """
        )
    }

    @Test("an upgrade goes on without h2c, beside TE or alone")
    func upgrades() {
        let start = "GET http://h/ HTTP/1.1\r\nHost: h\r\n"
        let written = "GET / HTTP/1.1\r\nHost: h\r\n"
        let via = "Via: 1.1 \(pseudonym)\r\n\r\n"
        for (fields, expected) in [
            (
                "Connection: upgrade\r\nUpgrade: h2c ,a,, B/1\r\nUpgrade: c\r\n",
                "Upgrade: a, B/1, c\r\nConnection: Upgrade\r\n"
            ),
            ("Connection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n", ""), ("Upgrade: a\r\n", ""),
            ("Upgrade: a,b,c,d,e\r\nConnection: Upgrade\r\n", "Upgrade: a, b, c, d\r\nConnection: Upgrade\r\n"),
            (
                "TE: trailers\r\nUpgrade: a\r\nConnection: Upgrade, TE\r\n",
                "Upgrade: a\r\nTE: trailers\r\nConnection: TE, Upgrade\r\n"
            ),
        ] {
            #expect(rewritten(start + fields + "\r\n") == written + expected + via)
        }
    }

    @Test("Max-Forwards is lowered once and expectations of HTTP/1.0 clients are dropped")
    func lowered() {
        #expect(
            rewritten("OPTIONS http://h/ HTTP/1.0\r\nMax-Forwards: 010\r\nExpect: 100-continue\r\n\r\n")
                == "OPTIONS / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 9\r\nVia: 1.0 \(pseudonym)\r\n\r\n"
        )
        #expect(
            rewritten("TRACE http://h/ HTTP/1.1\r\nHost: h\r\nConnection: Max-Forwards\r\nMax-Forwards: 1\r\n\r\n")
                == "TRACE / HTTP/1.1\r\nHost: h\r\nMax-Forwards: 0\r\nVia: 1.1 \(pseudonym)\r\n\r\n"
        )
        #expect(
            rewritten("PUT http://h/ HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n")
                == "PUT / HTTP/1.1\r\nHost: h\r\nExpect: x\r\nVia: 1.1 \(pseudonym)\r\n\r\n"
        )
    }

    @Test("a scratch that is one byte too small takes no head, and none is written beyond it")
    func room() throws {
        let bytes = Array(
            "GET http://h:81/a HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nUpgrade: a\r\nConnection: upgrade\r\nA: b\r\n\r\n"
                .utf8
        )
        let whole = try #require(RequestReading(bytes).rewritten)
        var table = FieldTable()
        guard case .complete(let head) = RequestParser.parse(bytes.span, limits: HeadLimits(), fields: &table) else {
            Issue.record("no head")
            return
        }
        let target = try RequestTarget.parse(bytes.span, head)
        let facts = try RequestProperties.judge(bytes.span, head, target, table, pseudonym: Array(pseudonym.utf8))
        let names = HeadText(pseudonym: Array(pseudonym.utf8))
        for room in 0...whole.count + 1 {
            var scratch = [UInt8](repeating: 0, count: room)
            var span = scratch.mutableSpan
            let count = RequestRewriter.write(bytes.span, head, target, facts, table, text: names, into: &span)
            #expect(count == (room < whole.count ? nil : whole.count))
        }
    }

    @Test("what is written is a strict head: one Host, nothing of this hop, the own Via last, the rest as it came")
    func strict() throws {
        var heads = RandomHeads(7)
        var written = 0
        for round in 0..<3000 {
            let bytes = round % 4 == 0 ? heads.spoiled(heads.request()) : heads.request()
            let first = RequestReading(bytes)
            guard let output = first.rewritten else { continue }
            written += 1
            let second = RequestReading(output)
            #expect(second.head?.end == output.count, "\(text(output))")
            #expect(second.fault == nil && second.facts?.loops == true, "\(text(output))")
            #expect(second.facts?.body == first.facts?.body)
            #expect(second.facts?.version == .http11)
            let names = second.fields.map(\.known)
            #expect(names.count { $0 == .host } == 1)
            #expect(names.last == .via)
            #expect(second.fields.last.map { output[$0.value].hasSuffix(pseudonym) } == true)
            #expect(
                names.allSatisfy { ![.keepAlive, .proxyConnection, .proxyAuthorization, .http2Settings].contains($0) }
            )
            let options = second.fields.filter { $0.known == .connection }.map { output[$0.value] }
            #expect([[], ["TE"], ["Upgrade"], ["TE, Upgrade"]].contains(options))
            let kept = second.fields.filter { $0.known == .other }.map { output[$0.line] }
            let dropped = ReferenceHead(bytes, isRequest: true)?.ending ?? []
            let came = first.fields.filter { $0.known == .other && !dropped.contains(bytes[$0.name].lowercased()) }
            #expect(kept == came.map { bytes[$0.line] })
        }
        #expect(written > 150)
    }

    @Test("a second proxy adds its Via and changes nothing else")
    func idempotent() throws {
        var heads = RandomHeads(8)
        for _ in 0..<2000 {
            let first = RequestReading(heads.request())
            guard let output = first.rewritten, let head = ReferenceHead(output, isRequest: true) else { continue }
            let words = head.start.split(separator: " ").map(String.init)
            let path = words[1] == "*" ? "" : words[1]
            let host = try #require(head.all("host").first?.value)
            let start = "\(words[0]) http://\(host)\(path) HTTP/1.1\r\n"
            let again = RequestReading(Array(start.utf8) + output[(head.start.utf8.count + 2)...])
            let twice = try #require(again.rewritten.flatMap { ReferenceHead($0, isRequest: true) })
            #expect(twice.start == head.start)
            let counted: Set = ["max-forwards", "te", "upgrade", "connection"]
            #expect(
                twice.lines.filter { !counted.contains($0.key) }.map(\.raw)
                    == head.lines.filter { !counted.contains($0.key) }.map(\.raw) + ["Via: 1.1 \(pseudonym)\r\n"]
            )
            for name in ["te", "upgrade", "connection"] {
                #expect(twice.all(name).map(\.raw) == head.all(name).map(\.raw))
            }
        }
    }
}
