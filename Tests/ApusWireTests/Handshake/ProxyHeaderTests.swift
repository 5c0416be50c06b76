import ApusWire
import Testing

@Suite("Headers of the PROXY protocol") struct ProxyHeaderTests {
    private func read(_ bytes: [UInt8]) -> Seen<ProxyHeader, ProxyHeaderFault> {
        Seen { () throws(ProxyHeaderFault) in try ProxyHeader.read(bytes.span) }
    }

    private static let v4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 1, 187]
    private static let v6 = [UInt8](1...32) + [0x30, 0x39, 1, 187]
    private static let samples: [[UInt8]] = [
        Array("PROXY TCP4 192.0.2.1 198.51.100.2 12345 443\r\n".utf8),
        Array("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n".utf8),
        Array("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n".utf8),
        Array("PROXY TCP6 2001:db8::1 ::ffff:192.0.2.9 1 2\r\n".utf8),
        Array("PROXY UNKNOWN\r\n".utf8),
        Array("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n".utf8),
        Array("PROXY UNKNOWN \(String(repeating: "x", count: 91))\r\n".utf8),
        ProxyHeaderBytes.v2(0x21, 0x11, v4),
        ProxyHeaderBytes.v2(0x21, 0x21, v6),
        ProxyHeaderBytes.v2(0x21, 0x11, v4 + ProxyHeaderBytes.tlv(1, [1, 2]) + ProxyHeaderBytes.tlv(4, [])),
        ProxyHeaderBytes.v2(0x21, 0x11, v4 + ProxyHeaderBytes.tlv(4, [UInt8](repeating: 0, count: 4065))),
        ProxyHeaderBytes.checked(0x21, 0x21, v6 + ProxyHeaderBytes.tlv(2, Array("a.example".utf8))),
        ProxyHeaderBytes.v2(0x21, 0x31, [UInt8](repeating: 0x2f, count: 216)),
        ProxyHeaderBytes.checked(0x21, 0x31, [UInt8](repeating: 0x2f, count: 216)),
        ProxyHeaderBytes.v2(0x20, 0x00, []),
        ProxyHeaderBytes.v2(0x20, 0x11, v4), ProxyHeaderBytes.v2(0x20, 0x12, [1]),
        ProxyHeaderBytes.v2(0x21, 0x00, []), ProxyHeaderBytes.v2(0x21, 0x01, [1, 2, 3]),
    ]

    @Test("they are read at every cut, and what follows is left", arguments: samples) func cuts(_ bytes: [UInt8]) {
        for count in 0..<bytes.count { #expect(read(Array(bytes[..<count])) == .incomplete, "\(count)") }
        for behind in [[], [13, 10], Array("GET / HTTP/1.1\r\n".utf8), bytes] as [[UInt8]] {
            guard case .whole(let header) = read(bytes + behind) else {
                Issue.record("it is not read")
                continue
            }
            #expect(header.length == bytes.count)
            #expect(ReferenceProxyHeader(header) == ReferenceProxyHeader(bytes + behind))
        }
    }

    @Test("it says who has connected, and to what") func tcp() throws {
        for bytes in [
            Self.samples[0], ProxyHeaderBytes.v2(0x21, 0x11, Self.v4), ProxyHeaderBytes.checked(0x21, 0x11, Self.v4),
        ] {
            let header = try #require(try ProxyHeader.read(bytes.span))
            #expect(header.content == .tcp)
            #expect("\(header.source)" == "192.0.2.1" && header.sourcePort == 12_345)
            #expect("\(header.destination)" == "198.51.100.2" && header.destinationPort == 443)
        }
    }

    @Test("LOCAL, UNKNOWN and UNIX speak of nobody by address") func nobody() throws {
        for (index, content) in [
            (4, .unknown), (5, .unknown), (12, .unix), (14, .local), (15, .local), (16, .local), (17, .unknown),
            (18, .unknown),
        ] as [(Int, ProxyHeader.Content)] {
            let bytes = Self.samples[index]
            #expect(try ProxyHeader.read(bytes.span)?.content == content, "\(index)")
        }
    }

    @Test("binary headers that are not as they should be are refused") func binary() {
        func fault(_ command: UInt8, _ family: UInt8, _ content: [UInt8]) -> Seen<ProxyHeader, ProxyHeaderFault> {
            read(ProxyHeaderBytes.v2(command, family, content))
        }
        for place in 0..<12 {
            var bytes = Self.samples[7]
            bytes[place] ^= 1
            #expect(read(bytes) == .fault(.signature), "\(place)")
        }
        #expect(fault(0x11, 0x11, Self.v4) == .fault(.version))
        #expect(fault(0x22, 0x11, Self.v4) == .fault(.command))
        #expect(fault(0x21, 0x41, Self.v4) == .fault(.family))
        #expect(fault(0x21, 0x13, Self.v4) == .fault(.family))
        #expect(fault(0x21, 0x12, Self.v4) == .fault(.transport))
        #expect(fault(0x21, 0x10, Self.v4) == .fault(.transport))
        #expect(fault(0x21, 0x11, Array(Self.v4.dropLast())) == .fault(.length))
        #expect(fault(0x21, 0x21, Self.v4) == .fault(.length))
        #expect(fault(0x21, 0x31, Self.v6) == .fault(.length))
        for rest in [[1], [1, 0], [1, 0, 1], [1, 0, 0, 2, 1, 0]] as [[UInt8]] {
            #expect(fault(0x21, 0x11, Self.v4 + rest) == .fault(.length))
        }
        #expect(read(ProxyHeaderBytes.signature + [0x21, 0x11, 0x0f, 0xf1]) == .fault(.tooLong))
        #expect(read(ProxyHeaderBytes.signature + [0x21, 0x11, 0x0f, 0xf0]) == .incomplete)
    }

    @Test("a checksum is checked where there is one") func checksum() {
        // The value of RFC 9260's own example of a digest: "123456789".
        #expect(ProxyHeaderBytes.crc32c(Array("123456789".utf8)) == 0xe306_9283)
        let sound = ProxyHeaderBytes.checked(0x21, 0x11, Self.v4)
        for place in 16..<28 {
            var bytes = sound
            bytes[place] ^= 0x10
            #expect(read(bytes) == .fault(.checksum), "\(place)")
        }
        for place in (sound.count - 4)..<sound.count {
            var bytes = sound
            bytes[place] ^= 1
            #expect(read(bytes) == .fault(.checksum))
        }
        let twice = ProxyHeaderBytes.checked(0x21, 0x11, Self.v4 + ProxyHeaderBytes.tlv(3, [0, 0, 0, 0]))
        #expect(read(twice) == .fault(.checksum))
        #expect(read(ProxyHeaderBytes.v2(0x21, 0x11, Self.v4 + ProxyHeaderBytes.tlv(3, [1]))) == .fault(.checksum))
    }

    @Test("what is written is read again, with addresses of one family") func write() throws {
        let quad = IPAddress(v4: 0xc000_0201)
        let long = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 5)
        for (source, destination, count) in [(quad, quad, 28), (long, long, 52), (quad, long, 52), (long, quad, 52)] {
            var buffer = [UInt8](repeating: 0, count: count)
            var target = buffer.mutableSpan
            let end = ProxyHeader.write(source: (source, 1), destination: (destination, 2), to: &target, at: 0)
            #expect(end == count)
            let header = try #require(try ProxyHeader.read(buffer.span))
            #expect(header.content == .tcp && header.length == count && header.sourcePort == 1)
            #expect(header.source.unwrapped == source && header.destination.unwrapped == destination)
            #expect(header.source.family == header.destination.family && header.destinationPort == 2)
            var small = [UInt8](repeating: 0, count: count - 1)
            var room = small.mutableSpan
            #expect(ProxyHeader.write(source: (source, 1), destination: (destination, 2), to: &room, at: 0) == nil)
        }
        var buffer = [UInt8](repeating: 0, count: 16)
        var target = buffer.mutableSpan
        #expect(ProxyHeader.writeLocal(to: &target, at: 0) == 16)
        #expect(try ProxyHeader.read(buffer.span)?.content == .local)
        target = buffer.mutableSpan
        #expect(ProxyHeader.writeLocal(to: &target, at: 1) == nil)
    }
}
