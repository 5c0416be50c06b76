import Apus
import Testing

@Suite struct ListenAddressTests {
    @Test(
        "an address with a port is read and written the same",
        arguments: ["127.0.0.1:3128", "0.0.0.0:80", "[::1]:3128", "[::]:0", "[fe80::1:2]:65535", "[::ffff:10.0.0.1]:1"]
    )
    func roundTrip(_ text: String) throws {
        #expect(try ListenAddress(parsing: text).description == text)
    }

    @Test("a port alone is refused and both meanings are shown")
    func portAlone() {
        for text in [":3128", "3128"] {
            #expect(throws: ListenAddressFault.noAddress(port: "3128")) { try ListenAddress(parsing: text) }
        }
        #expect(ListenAddressFault.noAddress(port: "1").description.contains("127.0.0.1:1"))
    }

    @Test("an IPv6 address without brackets is refused, and brackets are asked for")
    func noBrackets() {
        #expect(throws: ListenAddressFault.noBrackets("::1:3128")) { try ListenAddress(parsing: "::1:3128") }
        #expect(throws: ListenAddressFault.noBrackets("1:2:3:4:5:6:7:8:9")) {
            try ListenAddress(parsing: "1:2:3:4:5:6:7:8:9")
        }
    }

    @Test(
        "what is no address with a port is refused",
        arguments: [
            "", "localhost:3128", "127.0.0.1", "127.1:3128", "127.0.0.01:3128", "0x7f.0.0.1:80", "127.0.0.256:1",
            "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "[127.0.0.1]:1", "[::1]", "[]:1",
            "[::1:3128",
            "[::1%lo]:1", "[1::2::3]:1", "[12345::]:1", "[-0::]:1", "[1:2:3:4:5:6:7]:1", "[1:2:3:4:5:6:7:8::]:1",
            "[:::]:1",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: ListenAddressFault.self) { try ListenAddress(parsing: text) }
    }

    @Test("loopback is known in every spelling")
    func loopback() throws {
        for text in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1", "[0::0.0.0.1]:1"] {
            #expect(try ListenAddress(parsing: text).isLoopback, "\(text)")
        }
        for text in ["128.0.0.1:1", "0.0.0.0:1", "[::]:1", "[::ffff:127.0.0.1]:1"] {
            #expect(try !ListenAddress(parsing: text).isLoopback, "\(text)")
        }
    }

    @Test("a host that is no literal makes no address")
    func hostIsLiteral() {
        #expect(ListenAddress(host: "localhost", port: 1) == nil)
        #expect(ListenAddress(host: "::1", port: 1)?.description == "[::1]:1")
    }
}
