import ApusReport
import ApusSamples
import Testing

@Suite struct RecordedHeadTests {
    private func head(_ text: String, redactingQueries: QueryRedaction = .none) -> RecordedHead? {
        RecordedHead(Array(text.utf8), redactingQueries: redactingQueries)
    }

    private func pairs(_ head: RecordedHead?) -> [[String]] { (head?.fields ?? []).map { [$0.name, $0.value] } }

    @Test("a head is its line and its fields in order, names as they came")
    func plain() {
        let head = head(
            "GET http://o.example/ HTTP/1.1\r\nHOST: o.example\r\naccept:\t*/*  \r\nX-Empty:\r\n\r\nbody: 1"
        )
        #expect(head?.line == "GET http://o.example/ HTTP/1.1")
        #expect(pairs(head) == [["HOST", "o.example"], ["accept", "*/*"], ["X-Empty", ""]])
        #expect(head?.size == 76)
        #expect(head?.values("Accept") == ["*/*"])
        #expect(head?.values("accep") == [])
    }

    @Test("no secret of a head is shown")
    func secrets() {
        let head = head(
            "GET http://ann:pass@o.example/?k=secret HTTP/1.1\r\nProxy-Authorization: Basic YTpi\r\n"
                + "Cookie: sid=secret\r\nX-Token: secret\r\nReferer: http://o.example/?k=secret\r\n\r\n",
            redactingQueries: true
        )
        let expected = [
            ["Proxy-Authorization", "Basic (redacted)"], ["Cookie", "(redacted)"], ["X-Token", "(redacted)"],
            ["Referer", "http://o.example/?…"],
        ]
        #expect(head?.line == "GET http://(redacted)@o.example/?… HTTP/1.1")
        #expect(pairs(head) == expected)
    }

    @Test("a folded value is one value, so that no half of a secret stays")
    func folded() {
        let head = head("HTTP/1.1 200 OK\r\nSet-Cookie: a=1;\r\n b=2;\r\n\tPath=/\r\nVia: 1.1 a\r\n\r\n")
        #expect(pairs(head) == [["Set-Cookie", "(redacted); (redacted); Path=/"], ["Via", "1.1 a"]])
    }

    @Test("bytes that are not UTF-8 are Latin-1, and controls have no power")
    func bytes() {
        var bytes = Array("HTTP/1.1 200 \u{e9}\r\nX: ".utf8)
        bytes += [0x63, 0xe9, 0x1b, 0x5b, 0x00, 0x9b]
        bytes += Array("\r\nY: é\u{202e}\u{1b}\r\n\r\n".utf8)
        let head = RecordedHead(bytes, redactingQueries: false)
        #expect(head?.line == "HTTP/1.1 200 é")
        #expect(pairs(head) == [["X", "cé\\u{1b}[\\u{0}\\u{9b}"], ["Y", "é\\u{202e}\\u{1b}"]])
    }

    @Test(
        "what is no head is nil",
        arguments: ["", "\r\n", "\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "A\r\n: b\r\n\r\n"]
    )
    func none(_ text: String) {
        #expect(head(text) == nil)
    }

    @Test("a head that is cut short or ends its lines with LF alone is read as far as it goes")
    func lenient() {
        #expect(pairs(head("\r\n\nGET / HTTP/1.1\nA: b\nC: d")) == [["A", "b"], ["C", "d"]])
        #expect(head("GET / HTTP/1.1")?.line == "GET / HTTP/1.1")
    }

    @Test("random bytes never break it, and never leave a control")
    func random() {
        var random = SplitMix(seed: 4)
        for _ in 0..<2000 {
            let alphabet: [UInt8] = [0x0d, 0x0a, 0x20, 0x3a, 0x61, 0x40, 0x2f, 0x3f, 0x1b, 0xc3, 0xa9, 0x3b, 0x3d]
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            guard let head = RecordedHead(bytes, redactingQueries: true) else { continue }
            #expect(!hasPower(head.line.utf8))
            for field in head.fields { #expect(!hasPower(field.value.utf8) && !field.name.isEmpty) }
        }
    }
}
