import ApusPolicy
import ApusWire
import Testing

@Suite("special names")
struct SpecialNameTests {
    private func of(_ host: String) -> SpecialName? {
        let bytes = Array("x.".utf8) + Array(host.utf8) + Array(".localhost".utf8)
        return SpecialName.of(bytes.span, 2..<2 + host.utf8.count)
    }

    @Test(
        "localhost and invalid are known in any case, with labels before them and one dot behind",
        arguments: [
            ("localhost", SpecialName.localhost), ("LocalHost", .localhost), ("localhost.", .localhost),
            ("a.localhost", .localhost), ("a.b.LOCALHOST.", .localhost), ("invalid", .invalid), ("INVALID.", .invalid),
            ("a.invalid", .invalid), ("localhost.invalid", .invalid), ("invalid.localhost", .localhost),
        ]
    )
    func known(host: String, expected: SpecialName) {
        #expect(of(host) == expected)
    }

    @Test(
        "every other name goes to DNS",
        arguments: [
            "", ".", "ocalhost", "alocalhost", "a-localhost", "localhost.com", "localhosts", "localhost..",
            "invalid.com",
            "notinvalid", "nvalid", "localdomain", "localhost.localdomain", "test", "example", "127.0.0.1",
            "local\u{8}ost",
        ]
    )
    func other(host: String) {
        #expect(of(host) == nil)
    }

    @Test("every cut of a special name is recognised by its last label alone")
    func everyCut() {
        let bytes = Array("www.localhost.invalid.".utf8)
        for start in 0...bytes.count {
            for end in start...bytes.count {
                var text = String(decoding: bytes[start..<end], as: UTF8.self)
                if text.hasSuffix(".") { text.removeLast() }
                let last = text.split(separator: ".", omittingEmptySubsequences: false).last.map(String.init)
                let expected: SpecialName? = last == "localhost" ? .localhost : last == "invalid" ? .invalid : nil
                #expect(SpecialName.of(bytes.span, start..<end) == expected, "\(text)")
            }
        }
    }

    @Test("localhost is loopback in both families, and the guard judges it; invalid is refused")
    func answers() {
        #expect(SpecialName.loopbackAddresses.map(\.description) == ["127.0.0.1", "::1"])
        for address in SpecialName.loopbackAddresses {
            #expect(DestinationGuard().judge(address, port: 80) == .loopback)
        }
    }
}
