import ApusWire
import Testing

@Suite("host names")
struct HostNameTests {
    private static let label63 = String(repeating: "a", count: 63)
    private static let name253 = [label63, label63, label63, String(repeating: "b", count: 61)].joined(separator: ".")

    @Test(
        "names in use are accepted",
        arguments: [
            "example.com", "EXAMPLE.com.", "a", "localhost", "_dmarc.example", "a_b.example", "-a-.example",
            "xn--bcher-kva.de",
            "1.example", "127.0.0.1", "0.0.0.0", "3com.com", label63, name253, name253 + ".",
        ]
    )
    func accepted(host: String) {
        #expect(inside(host, HostName.check) == nil)
    }

    @Test(
        "what is no name is refused with what is wrong",
        arguments: [
            ("", .empty), (".", .emptyLabel), ("..", .emptyLabel), (".a", .emptyLabel), ("a..b", .emptyLabel),
            ("a..", .trailingDots), ("a...", .trailingDots), ("a...b", .emptyLabel), (label63 + "a", .labelTooLong),
            ("b." + label63 + "a.c", .labelTooLong), (name253 + "b", .tooLong), (name253 + "b.", .tooLong),
            ("a\0.example", .nul), ("a%00.example", .percent), ("ex%61mple", .percent), ("a b", .whitespace),
            ("a\t", .whitespace), ("a\rb", .whitespace), ("a\nb", .whitespace), ("a\u{1}", .control),
            ("a\u{7f}", .control), ("bücher.de", .nonASCII), ("１27.0.0.1", .nonASCII), ("a。b", .nonASCII),
            ("*", .wildcard), ("*.example", .wildcard), ("::1", .forbiddenCharacter), ("[::1]", .forbiddenCharacter),
            ("a:80", .forbiddenCharacter), ("u@a", .forbiddenCharacter), ("a/b", .forbiddenCharacter),
            ("a\\b", .forbiddenCharacter), ("a,b", .forbiddenCharacter), ("a#", .forbiddenCharacter),
            ("127.1", .legacyIPv4), ("127.0.0.1.", .legacyIPv4), ("0x7f.1", .legacyIPv4), ("0177.0.0.1", .legacyIPv4),
            ("2130706433", .legacyIPv4), ("example.0", .legacyIPv4),
        ] as [(String, HostFault)]
    )
    func refused(host: String, fault: HostFault) {
        #expect(inside(host, HostName.check) == fault)
    }

    @Test("of the 256 bytes only letters, digits, hyphen, underscore and dot stand in a name")
    func everyByte() {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8)
        for byte in UInt8.min...UInt8.max {
            let bytes = [UInt8(ascii: "a"), byte, UInt8(ascii: "z")]
            #expect((HostName.check(bytes.span, 0..<3) == nil) == allowed.contains(byte), "\(byte)")
        }
    }

    @Test(
        "a name is normalised to lower case without one trailing dot",
        arguments: [("ExAmPlE.COM.", "example.com"), ("a_B-1", "a_b-1"), ("z@Z[", "z@z["), ("", ""), ("a", "a")]
    )
    func normalised(host: String, expected: String) {
        var output = Array("key=".utf8)
        let bytes = Array(host.utf8)
        HostName.lowercase(bytes.span, 0..<bytes.count, into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "key=" + expected)
    }

    @Test("normalising changes the 26 capital letters and nothing else")
    func lowercased() {
        for byte in UInt8.min...UInt8.max {
            let capital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            #expect(HostName.lowercased(byte) == (capital ? byte + 32 : byte))
        }
    }

    @Test("every cut of a name is a name or has a fault of its labels")
    func everyCut() {
        let bytes = Array("www.EXAMPLE-1._x.co.uk.".utf8)
        for start in 0...bytes.count {
            for end in start...bytes.count {
                let fault = HostName.check(bytes.span, start..<end)
                let text = String(decoding: bytes[start..<end], as: UTF8.self)
                let expected: HostFault? = text.isEmpty ? .empty : text.hasPrefix(".") ? .emptyLabel : nil
                let numeric = text == "1" || text == "1." || text.hasSuffix("-1")
                if !numeric { #expect(fault == expected, "\(text)") }
            }
        }
        #expect(inside("1", HostName.check) == .legacyIPv4)
    }
}
