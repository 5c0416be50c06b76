import ApusWire
import Testing

@Suite("What the first bytes of a connection say") struct FirstBytesTests {
    private func seen(_ bytes: [UInt8]) -> FirstBytes { FirstBytes(bytes.span) }
    private func seen(_ text: String) -> FirstBytes { seen(Array(text.utf8)) }

    @Test("SOCKS is known by its first byte") func socks() {
        #expect(seen([4]) == .socks4)
        #expect(seen([4, 1, 0, 80]) == .socks4)
        #expect(seen([5]) == .socks5)
        #expect(seen([5, 1, 0]) == .socks5)
        #expect(seen([3]) == .unknown)
        #expect(seen([6, 1]) == .unknown)
    }

    @Test("TLS is known by its first record, whatever version that bears") func tls() {
        #expect(seen([0x16]) == .tls)
        #expect(seen([0x16, 3, 1, 2, 0]) == .tls)
        #expect(seen([0x16, 15]) == .tls)
        #expect(seen([0x16, 0x47]) == .unknown)
        #expect(seen([0x15, 3, 1]) == .unknown)
    }

    @Test(
        "a request of HTTP/1 is one at once, if its letters cannot be those of another protocol",
        arguments: [
            "G", "GET / HTTP/1.1\r\n", "POST", "PUT", "PATCH", "PROPFIND", "PRI * HTTP/1.1", "PRIx", "PROXY /",
            "PROXY T /",
            "PROXY UNKN ", "SEARCH", "SS", "\r\nGET", "\r\n\r\nGET", "\n", "M-SEARCH", "_",
        ]
    )
    func http(_ text: String) {
        // The front of `SSH-`, which is said to be one once it cannot be SSH any more.
        #expect(seen(text) == (text == "SS" ? .incomplete : .http))
    }

    @Test("what could be two protocols is told once it cannot be any more") func prefixes() {
        let wholes: [(String, FirstBytes)] = [
            ("PRI * HTTP/2", .http2), ("PROXY TCP", .proxyV1), ("PROXY UNKNOWN", .proxyV1), ("SSH-", .ssh),
            ("\r\n\r\n\0\r\nQUIT\n", .proxyV2),
        ]
        for (text, meaning) in wholes {
            let bytes = Array(text.utf8)
            for count in 0..<bytes.count { #expect(seen(Array(bytes[..<count])) == .incomplete, "\(text) \(count)") }
            #expect(seen(bytes) == meaning)
            #expect(seen(bytes + [0, 10, 13]) == meaning)
            for place in 2..<bytes.count {
                var other = bytes
                other[place] ^= 0x20
                #expect(seen(other) != meaning, "\(text) \(place)")
            }
        }
    }

    @Test("more bytes never change what was said") func stable() {
        var random = AddressRandom(seed: 7)
        let pool = Array("PRI * HTTP/2.0\r\nOXY TCP4UNKNOWSH-Q\0".utf8) + [4, 5, 0x16, 3]
        for _ in 0..<20_000 {
            let bytes = (0..<16).map { _ in pool[Int(random.next() % UInt64(pool.count))] }
            let whole = seen(bytes)
            for count in 1..<16 {
                let part = seen(Array(bytes[..<count]))
                // A second byte takes back what one byte of TLS promises.
                #expect(part == .incomplete || part == whole || count == 1 && part == .tls)
            }
        }
    }
}
