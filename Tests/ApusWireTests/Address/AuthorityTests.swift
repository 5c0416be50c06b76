import Testing

@testable import ApusWire

@Suite struct AuthorityTests {
    private func parse(_ value: String) -> Result<Authority, RequestFault> {
        let bytes = Array("x@\(value)@:1".utf8)
        do throws(RequestFault) {
            return .success(try Authority.parse(bytes.span, 2, bytes.count - 3, defaultPort: 80))
        } catch {
            return .failure(error)
        }
    }

    @Test(
        "hosts and ports are found",
        arguments: [
            ("h", "h", 80, false), ("H.Example.", "H.Example.", 80, false), ("a_b-c.d:8080", "a_b-c.d", 8080, true),
            ("h:", "h", 80, false), ("h:0443", "h", 443, true), ("h:65535", "h", 65535, true), ("h:1", "h", 1, true),
            ("127.0.0.1:81", "127.0.0.1", 81, true), ("[::1]", "::1", 80, false), ("[::1]:", "::1", 80, false),
            ("[2001:DB8::127.0.0.1]:443", "2001:DB8::127.0.0.1", 443, true), ("1h", "1h", 80, false),
            ("1.h", "1.h", 80, false),
        ]
    )
    func sound(_ value: String, _ host: String, _ port: UInt16, _ named: Bool) throws {
        let authority = try parse(value).get()
        #expect(text(Array("x@\(value)".utf8)[authority.host.range]) == host)
        #expect(authority.port == port)
        #expect(authority.namesPort == named)
        #expect(authority.address == IPAddress(host))
    }

    @Test(
        "what is no host and port has its own fault",
        arguments: [
            ("", .malformedHost), (":80", .malformedHost), ("::1", .unbracketedIPv6), ("[", .malformedHost),
            ("[]", .malformedHost),
            ("[::1", .malformedHost), ("[::1]x", .malformedHost), ("[::1]80", .malformedHost),
            ("[127.0.0.1]", .malformedHost),
            ("[::1%25lo]", .zoneInHost), ("[v1.a]", .malformedHost), ("[[::1]]", .malformedHost),
            ("h]", .malformedHost),
            ("a b", .malformedHost), ("a,b", .malformedHost), ("a%2eb", .malformedHost), ("a..b", .malformedHost),
            (".a", .malformedHost), ("a..", .malformedHost), (".", .malformedHost), ("*", .malformedHost),
            ("h\\", .malformedHost),
            ("h/", .malformedHost), ("\u{e9}", .hostNotASCII), ("h:x", .malformedHost), ("h:+80", .malformedHost),
            ("h:80:80", .malformedHost), ("h:8 0", .malformedHost), ("h:-1", .malformedHost),
            ("h:0x50", .malformedHost),
            ("u@h", .userinfoInTarget), ("u:p@h", .userinfoInTarget), ("u:80@h", .userinfoInTarget),
            ("@h", .userinfoInTarget),
            ("%20@h", .userinfoInTarget), ("127.0.0.1:80@h", .userinfoInTarget), ("[::1]@h", .userinfoInTarget),
            ("127.0.0.1@h", .userinfoInTarget),
            ("h:0", .portOutOfRange), ("h:65536", .portOutOfRange), ("h:99999999999999999999", .portOutOfRange),
            ("h:000", .portOutOfRange), ("127.1", .legacyIPv4Spelling), ("0177.0.0.1", .legacyIPv4Spelling),
            ("0x7f000001", .legacyIPv4Spelling), ("2130706433", .legacyIPv4Spelling),
            ("127.0.0.1.", .legacyIPv4Spelling),
            ("0x7f.1:80", .legacyIPv4Spelling), ("127.0.0.256", .legacyIPv4Spelling), ("a.1", .legacyIPv4Spelling),
        ] as [(String, RequestFault)]
    )
    func faulty(_ value: String, _ fault: RequestFault) {
        #expect(throws: fault) { try parse(value).get() }
    }

    @Test("a name of 253 bytes and a label of 63 pass, and no more")
    func lengths() {
        let label = String(repeating: "a", count: 63)
        let name = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
        for (value, passes) in [
            (label, true), (label + "a", false), (name, true), (name + "b", false), (name + ".", true),
        ] {
            #expect(((try? parse(value).get()) != nil) == passes, "\(value)")
        }
    }

    @Test("a Host may be empty, and is otherwise held to what a target is held to")
    func hosts() {
        for (value, valid) in [
            ("", true), ("h", true), ("h:8080", true), ("[::1]:80", true), ("h:", true), ("a, b", false),
            ("u@h", false),
            ("h:0", false), ("h:65536", false), ("0177.1", false), (":80", false), ("h/", false), ("http://h", false),
        ] {
            let bytes = Array(value.utf8)
            let range = ByteRange(0, bytes.count)
            #expect(Authority.isValidHost(bytes.span, range) == valid, "\(value)")
            #expect((Authority.host(bytes.span, range) != nil) == (valid && !value.isEmpty), "\(value)")
        }
    }

    @Test("a Host that spells the target's name needs no second look; any other gets one")
    func spelled() throws {
        for (target, value, spelled) in [
            ("h", "h", true), ("h", "h:80", true), ("h", "h:080", true), ("h:81", "h", true), ("h:81", "h:81", true),
            ("h", "h:", false), ("h", "h:81", false), ("h", "h:8", false), ("h", "H", false), ("h", "hh", false),
            ("h", "h.", false), ("h", "h:8x", false), ("h", "h80", false), ("h", "", false), ("h", "h,h", false),
            ("h:65535", "h:65535", true), ("h:65535", "h:65536", false), ("h", "h:65616", false),
            ("h", "h:4294967376", false),
            ("127.0.0.1", "127.0.0.1:80", true), ("[::1]", "[::1]", false), ("[::1]", "::1", false),
        ] {
            let bytes = Array((target + value).utf8)
            let count = target.utf8.count
            let authority = try Authority.parse(bytes.span, 0, count, defaultPort: 80)
            let range = ByteRange(count, bytes.count)
            let isSpelled = authority.isSpelled(bytes.span, range)
            #expect(isSpelled == spelled, "\(target) \(value)")
            let isValid = Authority.isValidHost(bytes.span, range)
            #expect(isValid || !spelled, "\(target) \(value)")
        }
    }

    @Test("random authorities are read as a naive reader does")
    func reference() {
        var random = Seeded(5)
        let pieces = [
            "a", "1", "0x", ".", "..", ":", "80", "65536", "[", "]", "::1", "@", "-", "_", "%", "127.0.0.1", "f", " ",
        ]
        for _ in 0..<4000 {
            var value = ""
            for _ in 0...random.next() % 5 { value += pieces[Int(random.next() % UInt64(pieces.count))] }
            let reference = ReferenceAuthority(value)
            let read = try? parse(value).get()
            #expect((read != nil) == (reference != nil), "\(value)")
            #expect(read.map { $0.namesPort ? Int($0.port) : nil } == reference.map(\.port), "\(value)")
        }
    }
}
