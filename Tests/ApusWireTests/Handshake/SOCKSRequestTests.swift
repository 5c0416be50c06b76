import ApusWire
import Testing

@Suite("Requests of SOCKS 4, 4a and 5") struct SOCKSRequestTests {
    private func read(_ bytes: [UInt8]) -> Seen<SOCKSRequest, SOCKSFault> {
        Seen { () throws(SOCKSFault) in
            bytes.first == 4 ? try SOCKSRequest.readV4(bytes.span) : try SOCKSRequest.readV5(bytes.span)
        }
    }

    private func authority(_ bytes: [UInt8]) -> Seen<String, RequestFault> {
        Seen { () throws(RequestFault) in
            guard case .whole(let request) = read(bytes) else { return nil }
            let authority = try request.authority(bytes.span)
            let name = String(decoding: bytes[authority.host.range], as: UTF8.self)
            return "\(authority.address.map { "\($0)" } ?? name):\(authority.port)"
        }
    }

    private static let loopback = IPAddress(v6High: 0, low: 1)
    private static let samples: [[UInt8]] = [
        SOCKSBytes.v5(1, name: "example.org", port: 443),
        SOCKSBytes.v5(1, name: String(repeating: "a", count: 255), port: 1),
        SOCKSBytes.v5(2, name: "", port: 0),
        SOCKSBytes.v5(1, address: IPAddress(v4: 0xc000_0201), port: 80),
        SOCKSBytes.v5(3, address: loopback, port: 65_535),
        SOCKSBytes.v5(0xf0, name: "example.org", port: 0),
        SOCKSBytes.v4(1, [192, 0, 2, 1], port: 443),
        SOCKSBytes.v4(1, [192, 0, 2, 1], port: 443, user: "ann"),
        SOCKSBytes.v4(2, [0, 0, 0, 0], port: 443, user: String(repeating: "u", count: 255)),
        SOCKSBytes.v4(1, [0, 0, 0, 1], port: 443, user: "ann", name: "example.org"),
        SOCKSBytes.v4(3, [0, 0, 0, 255], port: 443, name: String(repeating: "n", count: 255)),
        SOCKSBytes.v4(1, [0, 0, 0, 7], port: 443, name: ""),
    ]

    @Test("they are read at every cut, and with bytes behind them", arguments: samples) func cuts(_ bytes: [UInt8]) {
        for count in 0..<bytes.count { #expect(read(Array(bytes[..<count])) == .incomplete, "\(count)") }
        for behind in [[], [0], [22, 3, 1, 0, 5], bytes] as [[UInt8]] {
            guard case .whole(let request) = read(bytes + behind) else {
                Issue.record("it is not read")
                continue
            }
            #expect(request.length == bytes.count && bytes.count <= SOCKSRequest.longest)
            let reference = ReferenceSOCKSRequest(bytes + behind)
            #expect(reference != nil && reference == ReferenceSOCKSRequest(request, bytes + behind))
        }
    }

    @Test("what is asked for is told by its command") func commands() {
        for (byte, command) in [
            (1, .connect), (2, .bind), (3, .udpAssociate), (0, .other), (4, .other), (0xf0, .other),
        ]
            as [(UInt8, SOCKSRequest.Command)]
        {
            guard case .whole(let request) = read(SOCKSBytes.v5(byte, name: "a", port: 1)) else {
                Issue.record("no request")
                continue
            }
            #expect(request.command == command)
            // SOCKS 4 has two.
            guard case .whole(let old) = read(SOCKSBytes.v4(byte, [1, 2, 3, 4], port: 1)) else {
                Issue.record("no request")
                continue
            }
            #expect(old.command == (byte == 3 ? .other : command))
        }
    }

    @Test("what is none is a fault as soon as it can be told") func faults() {
        #expect(read([6]) == .fault(.version))
        #expect(read([5, 1, 1]) == .fault(.reserved))
        #expect(read([5, 1, 0, 2]) == .fault(.addressType))
        #expect(read([5, 1, 0, 0]) == .fault(.addressType))
        let user = String(repeating: "u", count: 256)
        let long = SOCKSBytes.v4(1, [1, 2, 3, 4], port: 1, user: user)
        #expect(read(long) == .fault(.userIDTooLong))
        for count in 0..<long.count - 1 { #expect(read(Array(long[..<count])) == .incomplete) }
        #expect(read(Array(long.dropLast())) == .fault(.userIDTooLong))
        let name = SOCKSBytes.v4(1, [0, 0, 0, 1], port: 1, user: "u", name: user)
        #expect(read(name) == .fault(.nameTooLong))
        #expect(read(Array(name.dropLast())) == .fault(.nameTooLong))
    }

    @Test("a host is held to what the target of a CONNECT is held to") func hosts() {
        #expect(authority(SOCKSBytes.v5(1, name: "Example.org.", port: 443)) == .whole("Example.org.:443"))
        #expect(authority(SOCKSBytes.v5(1, name: "192.0.2.1", port: 443)) == .whole("192.0.2.1:443"))
        #expect(authority(SOCKSBytes.v5(1, name: "::1", port: 443)) == .whole("::1:443"))
        #expect(authority(SOCKSBytes.v5(1, address: Self.loopback, port: 443)) == .whole("::1:443"))
        #expect(authority(SOCKSBytes.v4(1, [10, 0, 0, 1], port: 22)) == .whole("10.0.0.1:22"))
        #expect(authority(SOCKSBytes.v4(1, [0, 0, 0, 9], port: 22, name: "a.example")) == .whole("a.example:22"))
        for name in ["", "a b", "a\0b", "a/b", "[::1]", "a..b", "*.a", "a:80", "127.0.0.1:80", "fe80::1%1"] {
            let seen = authority(SOCKSBytes.v5(1, name: name, port: 443))
            guard case .fault = seen else {
                Issue.record("\(name) is a host")
                continue
            }
        }
        #expect(authority(SOCKSBytes.v5(1, name: "0x7f.1", port: 443)) == .fault(.legacyIPv4Spelling))
        #expect(authority(SOCKSBytes.v5(1, name: "2130706433", port: 443)) == .fault(.legacyIPv4Spelling))
        #expect(authority(SOCKSBytes.v5(1, name: "bücher.example", port: 443)) == .fault(.hostNotASCII))
        #expect(authority(SOCKSBytes.v5(1, name: "a.example", port: 0)) == .fault(.portOutOfRange))
    }

    @Test("a client writes what a server reads") func write() {
        func written(_ room: Int, _ body: (inout MutableSpan<UInt8>) -> Int?) -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: room)
            var target = buffer.mutableSpan
            let end = body(&target)
            return end.map { Array(buffer[..<$0]) }
        }
        for name in ["a", "example.org", String(repeating: "n", count: 255)] {
            let bytes = Array(name.utf8)
            let wanted = SOCKSBytes.v5(1, name: name, port: 8443)
            #expect(
                written(wanted.count) { SOCKSRequest.writeConnect(name: bytes.span, port: 8443, to: &$0, at: 0) }
                    == wanted
            )
            #expect(
                written(wanted.count - 1) { SOCKSRequest.writeConnect(name: bytes.span, port: 8443, to: &$0, at: 0) }
                    == nil
            )
        }
        for name in ["", String(repeating: "n", count: 256)] {
            let bytes = Array(name.utf8)
            #expect(written(600) { SOCKSRequest.writeConnect(name: bytes.span, port: 1, to: &$0, at: 0) } == nil)
        }
        for address in [
            IPAddress(v4: 0x0102_0304), IPAddress(v6High: 0x2001_0db8_0102_0304, low: 0x0506_0708_090a_0b0c),
        ] {
            let wanted = SOCKSBytes.v5(1, address: address, port: 80)
            #expect(
                written(wanted.count) { SOCKSRequest.writeConnect(address: address, port: 80, to: &$0, at: 0) }
                    == wanted
            )
            #expect(
                written(wanted.count - 1) { SOCKSRequest.writeConnect(address: address, port: 80, to: &$0, at: 0) }
                    == nil
            )
        }
    }
}
