import Testing

@testable import ApusWire

@Suite struct RequestPropertiesTests {
    private func reading(_ fields: String..., method: String = "GET", version: String = "HTTP/1.1") -> RequestReading {
        let target = method == "CONNECT" ? "h:443" : "http://h/"
        let lines = fields.map { $0 + "\r\n" }.joined()
        return RequestReading("\(method) \(target) \(version)\r\nHost: h\r\n\(lines)\r\n")
    }

    static let faults: [(String, RequestFault)] = [
        ("GET http://h/ HTTP/1.1\r\n", .missingHost), ("CONNECT h:443 HTTP/1.1\r\n", .missingHost),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\nhost: h\r\n", .severalHosts),
        ("GET http://h/ HTTP/1.0\r\nHost: h\r\nHost:\r\n", .severalHosts),
        ("GET http://h/ HTTP/1.0\r\nHost: a b\r\n", .malformedHost),
        ("CONNECT h:1 HTTP/1.1\r\nHost: u@h\r\n", .malformedHost),
        ("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n", .userinfoInTarget),
        ("GET http://h:0/ HTTP/1.1\r\nHost: h\r\n", .portOutOfRange),
        ("GET http://1/ HTTP/1.1\r\nHost: h\r\n", .legacyIPv4Spelling),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n", .malformedContentLength),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n", .repeatedContentLength),
        (
            "GET http://h/ HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            .lengthWithTransferEncoding
        ),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n", .unknownTransferCoding),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n", .malformedTransferEncoding),
        ("GET http://h/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", .transferEncodingInHTTP10),
        ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n", .contentInConnect),
        ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n", .contentInConnect),
        ("CONNECT /h:1 HTTP/1.1\r\nHost: h\r\n", .connectTargetMalformed),
        ("CONNECT h HTTP/1.1\r\nHost: h\r\n", .connectPortMissing),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\nConnection: host\r\n", .protectedFieldInConnection),
        ("GET http://h/ HTTP/1.0\r\nConnection: x, Via\r\n", .protectedFieldInConnection),
        ("OPTIONS http://h/ HTTP/1.1\r\nHost: h\r\nMax-Forwards: x\r\n", .malformedMaxForwards),
        ("GET http://h/ HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: a b\r\n", .malformedUpgrade),
        ("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n", .unsupportedScheme),
        ("GET https://h/ HTTP/1.1\r\nHost: h\r\n", .httpsWithoutConnect),
        ("GET http:/h/ HTTP/1.1\r\nHost: h\r\n", .malformedTarget),
        ("GET http://h%41/ HTTP/1.1\r\nHost: h\r\n", .malformedHost),
    ]

    @Test("each fault of target and fields is found", arguments: faults)
    func faulty(_ head: String, _ fault: RequestFault) {
        let reading = RequestReading(head + "\r\n")
        #expect(reading.fault == fault)
        #expect(reading.rewritten == nil)
    }

    @Test("every fault of a request is one that a head can have, or is told elsewhere")
    func reached() {
        let elsewhere: Set<RequestFault> = [
            .malformedChunk, .chunkExtensionsTooLong, .trailersTooLarge, .malformedTrailer, .incompleteContent,
            .slowHead,
            .proxyHeaderMissing, .proxyHeaderMalformed, .proxyHeaderLate, .proxyHeaderNotTaken,
            .tlsRecord, .sshIdentification, .malformedSOCKS, .socksMethods, .socksCommand, .socksAddressType,
            .slowContent, .originFormToProxy, .notFoundHere, .severalCredentials, .controlInCredentials,
            // Those of a target alone, and of a limit lower than the head's: see RequestTargetTests, HeadLimitsTests.
            .fragmentInTarget, .asteriskWithoutOptions, .connectInOtherCase, .hostNotASCII, .unbracketedIPv6,
            .zoneInHost, .fieldLineTooLong,
        ]
        let reached = Set(RequestHeadTests.faults.map(\.1)).union(Self.faults.map(\.1))
        #expect(reached.isDisjoint(with: elsewhere))
        #expect(reached.union(elsewhere) == Set(RequestFault.allCases))
    }

    @Test("an HTTP/1.1 connection persists unless it says close, an HTTP/1.0 connection never does")
    func persistence() {
        #expect(reading().facts?.persistent == true)
        #expect(reading("Connection: keep-alive").facts?.persistent == true)
        #expect(reading("Connection: x, Close").facts?.persistent == false)
        #expect(reading("Connection: x", "Connection: close").facts?.persistent == false)
        #expect(reading("Connection: keep-alive", version: "HTTP/1.0").facts?.persistent == false)
        #expect(reading(version: "HTTP/1.2").facts?.persistent == true)
    }

    @Test("a CONNECT may say that it has no content, and nothing else")
    func connect() {
        #expect(reading("Content-Length: 0", method: "CONNECT").facts?.body == BodyFraming.none)
        #expect(reading("Content-Length: 0", "Content-Length: 0", method: "CONNECT").fault == .repeatedContentLength)
        #expect(reading("Content-Length: x", method: "CONNECT").fault == .malformedContentLength)
        #expect(reading("Transfer-Encoding: x", method: "CONNECT").fault == .malformedTransferEncoding)
    }

    @Test("an expectation counts in any case and in a list, but not from an HTTP/1.0 client")
    func expectation() {
        for value in ["100-continue", "100-Continue", "x, 100-CONTINUE"] {
            #expect(reading("Expect: \(value)").facts?.expectsContinue == true)
            #expect(reading("Expect: \(value)", version: "HTTP/1.0").facts?.expectsContinue == false)
        }
        for value in ["", "100", "100-continued", "x100-continue", "200-continue", "100-continue;x"] {
            #expect(reading("Expect: \(value)").facts?.expectsContinue == false)
        }
    }

    @Test("trailers are taken when TE says so, but not by an HTTP/1.0 client")
    func trailers() {
        for value in ["trailers", "gzip;q=0.5, Trailers", ",trailers"] {
            #expect(reading("TE: \(value)").facts?.takesTrailers == true)
            #expect(reading("TE: \(value)", version: "HTTP/1.0").facts?.takesTrailers == false)
        }
        for value in ["", "trailer", "trailers;q=1", "gzip", "xtrailers"] {
            #expect(reading("TE: \(value)").facts?.takesTrailers == false)
        }
    }

    @Test("the own pseudonym in Via is a loop wherever a member was received by it, and nowhere else")
    func loops() {
        for value in [
            "1.1 \(pseudonym)", "1.0 a, HTTP/1.1 \(pseudonym.uppercased()) (comment)", "1.1\t\(pseudonym)\t",
            ", 1.1  \(pseudonym)",
        ] {
            #expect(reading("Via: \(value)").facts?.loops == true, "\(value)")
            #expect(reading("Via: 1.1 a", "Via: \(value)").facts?.loops == true, "\(value)")
            #expect(reading("Via: \(value)").facts?.isForwarded == true)
        }
        for value in [
            "", "1.1", "1.1 \(pseudonym)x", "1.1 x\(pseudonym)", "1.1 a (\(pseudonym))", "\(pseudonym)",
            "1.1 \(pseudonym.dropLast())",
        ] {
            #expect(reading("Via: \(value)").facts?.loops == false, "\(value)")
            #expect(reading("Via: \(value)").facts?.isForwarded == true)
        }
    }

    @Test("Max-Forwards counts on TRACE and OPTIONS only, up to 2^32-1, and once")
    func hops() {
        for method in ["TRACE", "OPTIONS"] {
            for (value, hops) in [("0", UInt32(0)), ("7", 7), ("007", 7), ("4294967295", 4_294_967_295)] {
                #expect(reading("Max-Forwards: \(value)", method: method).facts?.maxForwards == hops)
            }
            for value in ["", "x", "-1", "+1", "1, 1", "1.0", "4294967296", "99999999999999999999999", "0x1", "\u{b2}"]
            {
                #expect(reading("Max-Forwards: \(value)", method: method).fault == .malformedMaxForwards, "\(value)")
            }
            #expect(reading("Max-Forwards: 1", "Max-Forwards: 1", method: method).fault == .malformedMaxForwards)
        }
        let other = reading("Max-Forwards: x", "Max-Forwards: 0", method: "GET")
        #expect(other.facts != nil)
        #expect(other.facts?.maxForwards == nil)
        #expect(text(other.rewritten ?? []).contains("\r\nMax-Forwards: x\r\nMax-Forwards: 0\r\n"))
    }

    @Test("an offer counts only when Connection says upgrade, and not from an HTTP/1.0 client")
    func upgrade() {
        #expect(reading("Upgrade: a", "Connection: x, Upgrade").facts?.upgrade.count == 1)
        #expect(reading("Upgrade: a", "upgrade: b", "Connection: upgrade").facts?.upgrade.count == 2)
        #expect(reading("Upgrade: a").facts?.upgrade.isEmpty == true)
        #expect(reading("Upgrade: a b").facts?.upgrade.isEmpty == true)
        #expect(reading("Connection: upgrade").facts?.upgrade.isEmpty == true)
        #expect(reading("Upgrade: h2c", "Connection: upgrade, http2-settings").facts?.upgrade.isEmpty == true)
        #expect(reading("Upgrade: a", "Connection: upgrade", version: "HTTP/1.0").facts?.upgrade.isEmpty == true)
    }
}
