import ApusWire
import Testing

@Suite("The line of the PROXY protocol") struct ProxyLineTests {
    private func read(_ bytes: [UInt8]) -> Seen<ProxyHeader, ProxyHeaderFault> {
        Seen { () throws(ProxyHeaderFault) in try ProxyHeader.read(bytes.span) }
    }

    private func read(_ text: String) -> Seen<ProxyHeader, ProxyHeaderFault> { read(Array(text.utf8)) }

    @Test(
        "lines that are not as they should be are refused",
        arguments: [
            ("GET / HTTP/1.1\r\n", .signature), ("PRI * HTTP/2.0", .signature), ("PROXY\r\n", .signature),
            ("PROXY \r\n", .line), ("PROXY TCP\r\n", .line), ("PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n", .family),
            ("PROXY TCP44 1.2.3.4 1.2.3.4 1 2\r\n", .line), ("PROXY UNKNOWNX\r\n", .line),
            ("PROXY UDP4 1 2\r\n", .line),
            ("PROXY U\r\n", .line), ("PROXY UNKNOWN\r\rX\r\n", .line), ("PROXY TCP4\r\n", .line),
            ("PROXY TCP4 \r\n", .line),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n", .line), ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n", .line),
            ("PROXY TCP4 1.2.3.4  1.2.3.4 1 2\r\n", .address), ("PROXY TCP4 ::1 ::1 1 2\r\n", .address),
            ("PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n", .address), ("PROXY TCP4 1.2.3.04 1.2.3.4 1 2\r\n", .address),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n", .port), ("PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n", .port),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n", .line), ("PROXY TCP4 1.2.3.4 1.2.3.4 1 \r\n", .port),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\r\n", .line), ("PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n", .port),
            ("PROXY TCP4 1.2.3.4 1.2.3.4 1 123456\r\n", .port), ("PROXY TCP4 1.2.3.4 1.2.3.4 1\t2\r\n", .line),
        ] as [(String, ProxyHeaderFault)]
    )
    func lines(_ line: String, _ fault: ProxyHeaderFault) {
        #expect(read(line) == .fault(fault))
        for count in 0..<line.utf8.count {
            let part = read(Array(line.utf8.prefix(count)))
            #expect(part == .incomplete || part == .fault(fault))
        }
    }

    @Test("a line has 107 bytes at most") func longLine() {
        let longest = "PROXY UNKNOWN \(String(repeating: "x", count: 91))\r\n"
        #expect(longest.utf8.count == 107)
        let long = "PROXY UNKNOWN \(String(repeating: "x", count: 92))\r\n"
        #expect(read(long) == .fault(.tooLong))
        #expect(read(String(long.prefix(106))) == .incomplete)
        #expect(read("PROXY UNKNOWN" + String(repeating: "x", count: 94)) == .fault(.tooLong))
    }
}
