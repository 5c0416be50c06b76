import ApusPolicy
import ApusWire
import Testing

@Suite("The check of a tunnel's name") struct ServerNameCheckTests {
    private func vector(_ size: Int, _ content: [UInt8]) -> [UInt8] {
        (0..<size).reversed().map { UInt8(content.count >> (8 * $0) & 0xff) } + content
    }

    private func hello(_ name: String?, isEncrypted: Bool = false) -> [UInt8] {
        var extensions: [UInt8] = []
        if let name { extensions += [0, 0] + vector(2, vector(2, [0] + vector(2, Array(name.utf8)))) }
        if isEncrypted { extensions += [0xfe, 0x0d, 0, 1, 0] }
        let body =
            [3, 3] + [UInt8](repeating: 0, count: 32) + [0] + vector(2, [0x13, 1]) + [1, 0] + vector(2, extensions)
        return [22, 3, 1] + vector(2, [1] + vector(3, body))
    }

    private func judge(
        _ bytes: [UInt8],
        host: String = "www.example.org",
        isAddress: Bool = false,
        limit: Int = 16 << 10,
        change: (inout ServerNameCheck) -> Void = { _ in }
    ) -> ServerNameCheck.Outcome {
        var check = ServerNameCheck()
        change(&check)
        let name = Array(host.utf8)
        return check.judge(ClientHello.read(bytes.span, limit: limit), host: name.span, isAddress: isAddress)
    }

    @Test("the host of CONNECT passes, in any case of letters") func equal() {
        #expect(judge(hello("www.example.org")) == .pass)
        #expect(judge(hello("WWW.example.ORG")) == .pass)
    }

    @Test(
        "another name is refused, also one above or under it",
        arguments: ["example.org", "a.www.example.org", "evil.example"]
    )
    func other(_ name: String) {
        #expect(judge(hello(name)) == .refuse(.serverNameMismatch))
        #expect(judge(hello(name, isEncrypted: true)) == .refuse(.serverNameMismatch))
        #expect(judge(hello(name)) { $0.missing = .allow } == .refuse(.serverNameMismatch))
    }

    @Test("no name is denied unless it is let pass, or the host is an address") func missing() {
        #expect(judge(hello(nil)) == .refuse(.serverNameMissing))
        #expect(judge(hello(nil)) { $0.missing = .allow } == .pass)
        #expect(judge(hello(nil), host: "192.0.2.1", isAddress: true) == .pass)
        #expect(judge(hello("192.0.2.1"), host: "192.0.2.1", isAddress: true) == .pass)
        #expect(judge(hello("a.example"), host: "192.0.2.1", isAddress: true) == .refuse(.serverNameMismatch))
    }

    @Test("an encrypted one is judged by its outer name, and denied only where that is asked for") func encrypted() {
        #expect(judge(hello("www.example.org", isEncrypted: true)) == .pass)
        #expect(
            judge(hello("www.example.org", isEncrypted: true)) { $0.encrypted = .deny } == .refuse(.serverNameEncrypted)
        )
        #expect(judge(hello("www.example.org")) { $0.encrypted = .deny } == .pass)
        #expect(judge(hello(nil, isEncrypted: true)) == .refuse(.serverNameMissing))
    }

    @Test("what is no TLS is denied unless it is let pass") func notTLS() {
        let plain = Array("GET / HTTP/1.1\r\n".utf8)
        #expect(judge(plain) == .refuse(.tunnelNotTLS))
        #expect(judge(plain) { $0.notTLS = .allow } == .pass)
        let host = Array("www.example.org".utf8)
        for setting in ServerNameCheck.Handling.allCases {
            var check = ServerNameCheck()
            check.notTLS = setting
            let reading = ClientHello.read(plain.span, limit: 16 << 10)
            #expect(check.judge(reading, host: host.span, takesPlain: true) == .pass)
            #expect(check.judge(reading, host: host.span, takesPlain: false) == .refuse(.tunnelNotTLS))
        }
    }

    @Test("a malformed, too large or late one is refused, whatever is allowed besides") func faults() {
        let sound = hello("www.example.org")
        let records: [[UInt8]] = [[1], [0], [0], [200]] + [[UInt8]](repeating: [3], count: 60)
        let scattered = Array(records.map { [22, 3, 1, 0, 1] + $0 }.joined())
        let cases: [([UInt8], Refusal?)] = [
            (sound, nil), (Array(sound[..<20]), .clientHelloLate), ([], .clientHelloLate),
            ([22, 3, 1, 0, 0], .clientHelloMalformed), (hello("a b"), .clientHelloMalformed),
            ([22, 3, 1, 0x40, 0, 1, 0, 0x40, 0], .clientHelloTooLarge), (scattered, .clientHelloTooLarge),
        ]
        for (bytes, refusal) in cases {
            let outcome = judge(bytes) {
                $0.missing = .allow
                $0.notTLS = .allow
            }
            #expect(outcome == (refusal.map { .refuse($0) } ?? .pass), "\(bytes.prefix(12))")
        }
        #expect(judge(sound, limit: sound.count - 5) == .pass)
        #expect(judge(sound, limit: sound.count - 6) == .refuse(.clientHelloTooLarge))
    }

    private func judgeInside(
        _ bytes: [UInt8],
        isDenied: Bool = false,
        by measure: ServerNameCheck.Measure = .rules,
        change: (inout ServerNameCheck) -> Void = { _ in }
    ) -> ServerNameCheck.Outcome {
        var check = ServerNameCheck()
        change(&check)
        let reading = ClientHello.read(bytes.span, limit: 16 << 10)
        return check.judge(reading, isDenied: isDenied, by: measure)
    }

    @Test("held against the rules, a name passes unless they deny it, whatever it is") func inside() {
        #expect(judgeInside(hello("www.example.org")) == .pass)
        #expect(judgeInside(hello("www.example.org"), isDenied: true) == .refuse(.serverNameDenied))
        #expect(judgeInside(hello("www.example.org", isEncrypted: true), isDenied: true) == .refuse(.serverNameDenied))
        #expect(
            judgeInside(hello("www.example.org"), isDenied: true, by: .reportingRules) == .report(.serverNameDenied)
        )
        #expect(
            judgeInside(hello("www.example.org"), isDenied: true) { $0.mode = .report } == .report(.serverNameDenied)
        )
        #expect(judgeInside(hello("www.example.org"), isDenied: true) { $0.mode = .off } == .pass)
        // What is set for names that must be CONNECT's says nothing here.
        let strict = judgeInside(hello("www.example.org", isEncrypted: true)) { $0.encrypted = .deny }
        #expect(strict == .unjudged(.serverNameEncrypted))
    }

    @Test("what has no name passes and is told, unless its own settings deny it") func unjudged() {
        let plain = Array("GET / HTTP/1.1\r\n".utf8)
        let cases: [([UInt8], Refusal, WritableKeyPath<ServerNameCheck.Unnamed, ServerNameCheck.Handling>)] = [
            (hello(nil), .serverNameMissing, \.missing), (plain, .tunnelNotTLS, \.notTLS),
            (hello("a.example", isEncrypted: true), .serverNameEncrypted, \.encrypted),
        ]
        for (bytes, refusal, path) in cases {
            #expect(judgeInside(bytes) == .unjudged(refusal))
            #expect(judgeInside(bytes) { $0.mode = .report } == .unjudged(refusal))
            #expect(judgeInside(bytes) { $0.denials[keyPath: path] = .deny } == .refuse(refusal))
            let reported = judgeInside(bytes, by: .reportingRules) { $0.denials[keyPath: path] = .deny }
            #expect(reported == .report(refusal))
        }
        let hidden = judgeInside(hello(nil, isEncrypted: true)) { $0.denials.encrypted = .deny }
        #expect(hidden == .refuse(.serverNameEncrypted))
    }

    @Test("where rules read requests it has to be TLS, whatever is set for names") func plain() {
        let plain = Array("GET / HTTP/1.1\r\n".utf8)
        for measure in [ServerNameCheck.Measure.nothingInTLS, .rulesInTLS] {
            #expect(judgeInside(plain, by: measure) == .refuse(.tunnelNotTLS))
            #expect(judgeInside(plain, by: measure) { $0.mode = .report } == .report(.tunnelNotTLS))
            #expect(judgeInside([22], by: measure) == .refuse(.clientHelloLate))
        }
        // What has no name is told where a name matters.
        #expect(judgeInside(hello(nil), by: .nothingInTLS) == .pass)
        #expect(judgeInside(hello("a.example", isEncrypted: true), by: .nothingInTLS) == .pass)
        #expect(judgeInside(hello(nil), by: .rulesInTLS) == .unjudged(.serverNameMissing))
        #expect(judgeInside(hello("a.example"), isDenied: true, by: .rulesInTLS) == .refuse(.serverNameDenied))
    }

    @Test("what is no ClientHello a server should read passes by none of them") func insideFaults() {
        let dotted = hello("bad.example.")
        let others: [([UInt8], Refusal)] = [
            (dotted, .clientHelloMalformed), (Array(dotted[..<20]), .clientHelloLate),
            ([21, 3, 1, 0, 2, 1, 90] + hello("bad.example"), .clientHelloMalformed),
            ([22, 3, 1, 0x40, 0, 1, 0, 0x40, 0], .clientHelloTooLarge),
        ]
        for (bytes, refusal) in others {
            #expect(judgeInside(bytes) == .refuse(refusal))
            #expect(judgeInside(bytes, by: .reportingRules) == .report(refusal))
        }
    }

    @Test("in report mode nothing is refused, and nothing is said when it is off") func modes() {
        for bytes in [hello("evil.example"), hello(nil), [0x47], [22, 3, 1, 0, 0], [22]] {
            guard case .refuse(let refusal) = judge(bytes) else {
                Issue.record("\(bytes) passes")
                continue
            }
            #expect(judge(bytes) { $0.mode = .report } == .report(refusal))
            #expect(judge(bytes) { $0.mode = .off } == .pass)
        }
        #expect(judge(hello("www.example.org")) { $0.mode = .report } == .pass)
    }

    @Test("a refused client is told by a fatal alert, and by none where there is no TLS") func alerts() {
        for refusal in Refusal.allCases {
            let label = "\(refusal.metricLabel)"
            let isAbout = label.hasPrefix("server_name") || label.hasPrefix("client_hello")
            #expect((refusal.alert != nil) == isAbout, "\(refusal)")
            #expect(refusal.alert.map { Array($0.prefix(6)) == [21, 3, 3, 0, 2, 2] } ?? true)
        }
        #expect(Refusal.serverNameMismatch.alert?.last == 112)
    }
}
