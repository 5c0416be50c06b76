import Testing

@testable import ApusWire

@Suite("Keep-Alive of a response") struct KeepAliveHintTests {
    private func hint(_ fields: String...) throws -> KeepAliveHint {
        let lines = fields.map { $0 + "\r\n" }.joined()
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\(lines)\r\n"
        return try #require(ResponseReading(text, method: .get, upgrade: []).facts).keepAlive
    }

    @Test(
        "says for how many seconds the connection is kept, in any form that servers send",
        arguments: [
            ("Keep-Alive: timeout=5, max=100", 5), ("keep-alive: TIMEOUT=15", 15), ("Keep-Alive: max=100,timeout=0", 0),
            ("Keep-Alive: ,timeout=7 ,", 7), ("Keep-Alive: timeout=9, timeout=3", 3),
            ("Keep-Alive: timeout=32766", 32_766),
            ("Keep-Alive: timeout=32767", nil), ("Keep-Alive: timeout=99999999999999999999999", nil),
            ("Keep-Alive: timeout=", nil), ("Keep-Alive: timeout=-1", nil), ("Keep-Alive: timeout=1.5", nil),
            ("Keep-Alive: 300", nil), ("Keep-Alive: xtimeout=3", nil), ("Keep-Alive: aaxtimeout=3", nil),
            ("Keep-Alive: timeout", nil), ("Keep-Alive:", nil), ("X: timeout=5", nil), ("Connection: keep-alive", nil),
        ] as [(String, UInt64?)]
    )
    func seconds(_ field: String, _ seconds: UInt64?) throws {
        let hint = try hint(field)
        #expect(hint.seconds == seconds && !hint.servesNoOther)
    }

    @Test("says whether it serves another request") func requests() throws {
        #expect(try hint("Keep-Alive: timeout=60, max=0").servesNoOther)
        #expect(try hint("Keep-Alive: max=0", "Keep-Alive: timeout=60").seconds == 60)
        #expect(try hint("Keep-Alive: max=0", "Keep-Alive: timeout=60").servesNoOther)
        #expect(try !hint("Keep-Alive: timeout=60, max=1").servesNoOther)
        #expect(try !hint("Keep-Alive: maximum=0").servesNoOther)
    }

    @Test("outlasts an idle time by more than a second, or is no bound") func outlasting() throws {
        let five = try hint("Keep-Alive: timeout=5")
        #expect(five.outlasts(0) && five.outlasts(3_999_999) && !five.outlasts(4_000_000) && !five.outlasts(60_000_000))
        #expect(try !hint("Keep-Alive: timeout=1").outlasts(0))
        #expect(try !hint("Keep-Alive: timeout=0").outlasts(0))
        #expect(try !hint("Keep-Alive: timeout=60, max=0").outlasts(0))
        #expect(KeepAliveHint().outlasts(UInt64.max / 2))
    }
}
