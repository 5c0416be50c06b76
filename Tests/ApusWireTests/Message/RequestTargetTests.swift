import Testing

@testable import ApusWire

@Suite struct RequestTargetTests {
    private func reading(_ method: String, _ target: String) -> RequestReading {
        RequestReading("\(method) \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
    }

    @Test(
        "each form is told from the others, with its path",
        arguments: [
            ("GET", "/", .origin, "/"), ("GET", "//h/a?b", .origin, "//h/a?b"), ("OPTIONS", "*", .asterisk, "*"),
            ("GET", "http://h", .absolute, ""), ("GET", "http://h/", .absolute, "/"),
            ("GET", "http://h?q", .absolute, "?q"),
            ("connect", "http://h/", .absolute, "/"),
            ("get", "HtTp://h:1/a/../b?c=http://d/@e", .absolute, "/a/../b?c=http://d/@e"),
            ("CONNECT", "h:443", .authority, ""), ("CONNECT", "[::1]:443", .authority, ""),
            ("GET", "http://h:/*", .absolute, "/*"),
            ("GET", "http://h/\u{e9}", .absolute, "/\u{c3}\u{a9}"),
        ] as [(String, String, TargetForm, String)]
    )
    func forms(_ method: String, _ target: String, _ form: TargetForm, _ path: String) throws {
        let read = try #require(reading(method, target).target)
        #expect(read.form == form)
        #expect(Array("\(method) \(target)".utf8)[read.path] == path)
    }

    @Test(
        "what is none of the forms, or not for a proxy, has its own fault",
        arguments: [
            ("GET", "*", .asteriskWithoutOptions), ("OPTIONS", "**", .malformedTarget),
            ("GET", "h:443", .malformedTarget),
            ("GET", "h", .malformedTarget), ("GET", "http:/h/", .malformedTarget),
            ("GET", "http:///a", .malformedTarget),
            ("GET", "http://?q", .malformedTarget), ("GET", "http://", .malformedTarget),
            ("GET", "/a#b", .fragmentInTarget),
            ("GET", "http://h/#", .fragmentInTarget), ("GET", "http://h#f", .fragmentInTarget),
            ("GET", "http://h/?q#", .fragmentInTarget),
            ("GET", "?q", .malformedTarget),
            ("GET", "://h/", .malformedTarget), ("GET", "1http://h/", .malformedTarget),
            ("connect", "h:443", .connectInOtherCase),
            ("Connect", "[::1]:443", .connectInOtherCase), ("Connect", "*", .asteriskWithoutOptions),
            ("GET", "http://h\u{e9}/", .hostNotASCII),
            ("CONNECT", "b\u{fc}cher.example:443", .hostNotASCII),
            ("GET", "h\u{e9}p://h/", .malformedTarget),
            ("GET", "https://h/", .httpsWithoutConnect), ("GET", "HTTPS://h/", .httpsWithoutConnect),
            ("GET", "httpx://h/", .unsupportedScheme), ("GET", "ftp://h/", .unsupportedScheme),
            ("GET", "ws://h/", .unsupportedScheme),
            ("GET", "a+b-c.1://h/", .unsupportedScheme), ("GET", "http://u:p@h/", .userinfoInTarget),
            ("GET", "http://h\\@evil/", .userinfoInTarget), ("GET", "http://h:0/", .portOutOfRange),
            ("GET", "http://127.1/", .legacyIPv4Spelling), ("GET", "http://h%00/", .malformedHost),
            ("CONNECT", "h", .connectPortMissing), ("CONNECT", "h:", .connectPortMissing),
            ("CONNECT", "h:0", .portOutOfRange),
            ("CONNECT", "h:65536", .portOutOfRange), ("CONNECT", "http://h:443/", .connectTargetMalformed),
            ("CONNECT", "/", .connectTargetMalformed), ("CONNECT", "h:443/", .connectTargetMalformed),
            ("CONNECT", "h:443?", .connectTargetMalformed), ("CONNECT", "h:443#", .connectTargetMalformed),
            ("CONNECT", "u@h:443", .userinfoInTarget), ("CONNECT", ":443", .malformedHost),
            ("CONNECT", "*", .connectTargetMalformed), ("CONNECT", "*:443", .malformedHost),
            ("CONNECT", "::1:443", .unbracketedIPv6), ("CONNECT", "2001:db8::1:443", .unbracketedIPv6),
            ("CONNECT", "fe80::1", .unbracketedIPv6), ("GET", "http://::1/", .unbracketedIPv6),
            ("GET", "http://::ffff:192.0.2.1/", .unbracketedIPv6),
            ("CONNECT", "[fe80::1%25eth0]:443", .zoneInHost), ("GET", "http://[fe80::1%eth0]/", .zoneInHost),
            ("CONNECT", "fe80::1%eth0:443", .zoneInHost), ("GET", "http://[::1/", .malformedHost),
            ("GET", "http://[]/", .malformedHost), ("GET", "http://[h]/", .malformedHost),
            ("CONNECT", "h:443x", .malformedHost),
            ("CONNECT", "h:443:443", .malformedHost),
        ] as [(String, String, RequestFault)]
    )
    func faulty(_ method: String, _ target: String, _ fault: RequestFault) {
        #expect(reading(method, target).fault == fault)
    }
}
