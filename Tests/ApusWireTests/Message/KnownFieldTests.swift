import Testing

@testable import ApusWire

@Suite struct KnownFieldTests {
    static let names: [(String, KnownField)] = [
        ("Host", .host), ("Content-Length", .contentLength), ("Transfer-Encoding", .transferEncoding),
        ("Connection", .connection), ("Keep-Alive", .keepAlive), ("Proxy-Connection", .proxyConnection),
        ("Proxy-Authorization", .proxyAuthorization), ("Proxy-Authenticate", .proxyAuthenticate),
        ("Proxy-Authentication-Info", .proxyAuthenticationInfo), ("TE", .te), ("Trailer", .trailer),
        ("Upgrade", .upgrade), ("Via", .via), ("Max-Forwards", .maxForwards), ("Expect", .expect),
        ("HTTP2-Settings", .http2Settings), ("Cookie", .cookie), ("Authorization", .authorization),
        ("Accept", .accept), ("Date", .date), ("WWW-Authenticate", .wwwAuthenticate),
        ("Persistent-Auth", .persistentAuth),
    ]

    private func known(_ name: String) -> KnownField? {
        RequestReading("GET http://h/ HTTP/1.1\r\n\(name): x\r\n\r\n").fields.first?.known
    }

    @Test("each name is known in every case", arguments: names)
    func cases(_ name: String, _ field: KnownField) {
        for spelling in [name, name.lowercased(), name.uppercased()] { #expect(known(spelling) == field) }
    }

    @Test("a name with one byte changed, more or less is another", arguments: names)
    func neighbours(_ name: String, _ field: KnownField) {
        let bytes = Array(name.utf8)
        for at in bytes.indices {
            for byte in UInt8(33)..<127 where ByteClass.isToken(byte) && byte | 0x20 != bytes[at] | 0x20 {
                var other = bytes
                other[at] = byte
                #expect(known(text(other)) == expected(other), "\(text(other))")
            }
            var other = bytes
            other.remove(at: at)
            #expect(known(text(other)) == expected(other), "\(text(other))")
            other = bytes
            other.insert(UInt8(ascii: "x"), at: at)
            #expect(known(text(other)) == .other, "\(text(other))")
        }
        #expect(known(name + "x") == .other)
    }

    private func expected(_ name: [UInt8]) -> KnownField? {
        if name.isEmpty { return nil }
        return Self.names.first { $0.0.lowercased() == text(name).lowercased() }?.1 ?? .other
    }

    @Test("the fields of RFC 9110 §7.6.1 and those of proxy authentication end at each hop, no others")
    func hops() {
        let ending = Self.names.filter(\.1.isHopByHop).map(\.0)
        #expect(
            Set(ending) == [
                "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate",
                "Proxy-Authentication-Info", "TE", "Upgrade", "HTTP2-Settings",
            ]
        )
        #expect(!KnownField.other.isHopByHop)
    }
}
