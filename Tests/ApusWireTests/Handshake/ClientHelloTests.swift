import ApusWire
import Testing

@Suite("A ClientHello") struct ClientHelloTests {
    @Test(
        "of real clients is read, and not before it is whole",
        arguments: [
            (HelloSamples.openssl, "www.example.org", false), (HelloSamples.nameless, "", false),
            (HelloSamples.tls12, "www.example.org", false), (HelloSamples.browser, "www.example.org", true),
        ]
    )
    func samples(_ bytes: [UInt8], _ name: String, _ isEncrypted: Bool) {
        #expect(HelloSeen(bytes) == .hello(name: name, isEncrypted: isEncrypted))
        for count in 0..<bytes.count { #expect(HelloSeen(bytes[..<count]) == .incomplete, "\(count) bytes") }
    }

    @Test("a browser's is larger than one packet") func browserSize() {
        #expect(HelloSamples.browser.count > 1_400)
    }

    @Test("cut into records anywhere, it says the same", arguments: [HelloSamples.openssl, HelloSamples.browser])
    func everyCut(_ bytes: [UInt8]) {
        let message = Array(bytes[5...])
        let whole = HelloSeen(bytes)
        for first in 1..<message.count {
            let cut = HelloBytes.records(message, [first, message.count])
            #expect(HelloSeen(cut) == whole, "\(first)")
            #expect(HelloSeen(cut[..<(5 + first)]) == .incomplete)
        }
        for size in [message.count / 62, 333] {
            let cut = HelloBytes.records(message, [size], version: 3)
            for count in 0..<cut.count { #expect(HelloSeen(cut[..<count]) == .incomplete) }
            #expect(HelloSeen(cut) == whole)
        }
    }

    @Test("its own header may be cut too, but not into more than 64 records") func drops() {
        let hello = HelloBytes("a.b").message
        let seen = HelloSeen(HelloBytes.records(hello, [1, 1, 1, 1, 1, hello.count]))
        #expect(seen == .hello(name: "a.b", isEncrypted: false))
        #expect(hello.count > 64)
        #expect(HelloSeen(HelloBytes.records(hello, [1])) == .malformed(.tooManyRecords))
    }

    @Test("a name is compared in lower case, byte for byte") func comparison() throws {
        let hello = try #require(HelloBytes("WWW.Example.ORG").read)
        #expect(hello.hasName && hello.name == "www.example.org")
        for (host, isSame) in [
            ("www.example.org", true), ("example.org", false), ("www.example.or", false), ("www.example.orgs", false),
            ("wwx.example.org", false), ("", false),
        ] {
            #expect(hello.asks(for: Array(host.utf8).span) == isSame, "\(host)")
        }
        let nameless = try #require(HelloBytes().read)
        let nothing: [UInt8] = []
        #expect(!nameless.hasName && !nameless.asks(for: nothing.span))
    }

    @Test("may have no extensions at all") func bare() {
        var hello = HelloBytes()
        hello.extensions = nil
        #expect(HelloSeen(hello.bytes) == .hello(name: "", isEncrypted: false))
        hello.extensions = []
        #expect(HelloSeen(hello.bytes) == .hello(name: "", isEncrypted: false))
    }

    @Test("an encrypted one shows its outer name") func encrypted() {
        var hello = HelloBytes("outer.example")
        hello.extensions?.append(HelloBytes.encrypted)
        #expect(HelloSeen(hello.bytes) == .hello(name: "outer.example", isEncrypted: true))
        hello.extensions?.append(HelloBytes.encrypted)
        #expect(HelloSeen(hello.bytes) == .malformed(.repeatedExtension))
    }

    @Test(
        "names that are none are refused",
        arguments: [
            "example.org.", ".", "a..b", "a b", "a/b", "*.example.org", "b\u{fc}cher.example", "a\0b", "::1", "[::1]",
            "1.2.3", "0x7f.1", String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "a",
            String(repeating: "a", count: 300),
        ]
    )
    func badNames(_ name: String) {
        #expect(HelloSeen(HelloBytes(name).bytes) == .malformed(.serverName))
    }

    @Test("the longest name is read, and a dotted quad as it stands") func oddNames() {
        let longest = String(repeating: "a.", count: 126) + "a"
        for name in [longest, "192.0.2.1", "a_b.example", "xn--bcher-kva.example"] {
            #expect(HelloSeen(HelloBytes(name).bytes) == .hello(name: name, isEncrypted: false))
        }
    }

    @Test("a list that is not exactly one host name is refused") func lists() {
        let one = HelloBytes.entry("a.example")
        let lists = [
            [], one + one, one + HelloBytes.entry("b.example", kind: 1), HelloBytes.entry("a.example", kind: 1),
            HelloBytes.entry(""), Array(one.dropLast()), one + [0], [0], [0, 0],
        ]
        let contents = lists.map { HelloBytes.vector(2, $0) } + [[], [0], HelloBytes.vector(2, one) + [0]]
        for content in contents {
            var hello = HelloBytes()
            hello.extensions?.append(HelloBytes.item(0, content))
            #expect(HelloSeen(hello.bytes) == .malformed(.serverNameList), "\(content)")
        }
    }

    @Test("two names in two extensions are refused") func twice() {
        var hello = HelloBytes("a.example")
        hello.extensions?.append(HelloBytes.serverName(HelloBytes.entry("a.example")))
        #expect(HelloSeen(hello.bytes) == .malformed(.repeatedExtension))
    }

    @Test("lengths out of their range are refused") func structure() {
        func broken(_ change: (inout HelloBytes) -> Void) -> HelloSeen {
            var hello = HelloBytes("a.example")
            change(&hello)
            return HelloSeen(hello.bytes)
        }
        #expect(broken { $0.version = [2, 3] } == .malformed(.structure))
        #expect(broken { $0.session = [UInt8](repeating: 0, count: 33) } == .malformed(.structure))
        #expect(broken { $0.suites = [] } == .malformed(.structure))
        #expect(broken { $0.suites = [1, 2, 3] } == .malformed(.structure))
        #expect(broken { $0.compressions = [] } == .malformed(.structure))
        #expect(broken { $0.extensions?.append([0]) } == .malformed(.structure))
        #expect(broken { $0.extensions?.append([0, 9, 0, 1]) } == .malformed(.structure))
    }

    @Test("nothing is read that is not there, wherever the message is cut off") func short() {
        let message = HelloBytes("a.example").message
        // Version, random, session, suites and compression make a hello without extensions.
        let bare = 4 + 2 + 32 + 33 + 6 + 2
        for count in 4..<message.count {
            let short = [1] + HelloBytes.vector(3, Array(message[4..<count]))
            let seen = HelloSeen(HelloBytes.records(short, [short.count]))
            #expect(seen == (count == bare ? .hello(name: "", isEncrypted: false) : .malformed(.structure)), "\(count)")
        }
        let long = [1] + HelloBytes.vector(3, Array(message[4...] + [0]))
        #expect(HelloSeen(HelloBytes.records(long, [long.count])) == .malformed(.structure))
    }
}

extension HelloBytes {
    /// What it reads as, when it is sound.
    fileprivate var read: ClientHello? {
        let bytes = bytes
        guard case .hello(let hello) = ClientHello.read(bytes.span) else { return nil }
        return hello
    }
}
