import ApusWire
import Testing

@Suite struct ProxyStatusFieldTests {
    private func text(_ field: ProxyStatusField) -> String {
        var bytes: [UInt8] = []
        field.write(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a member names the proxy, the error and its parameters, in order")
    func member() {
        #expect(text(.init()) == "apus")
        #expect(text(.init(error: .httpRequestDenied)) == "apus; error=http_request_denied")
        let field = ProxyStatusField(
            error: .dnsError,
            parameters: [.init("rcode", .string("NXDOMAIN")), .init("info-code", .integer(9))],
            nextHop: "192.0.2.1",
            receivedStatus: 503,
            details: "no \"such\" name"
        )
        #expect(
            text(field) == "apus; error=dns_error; rcode=\"NXDOMAIN\"; info-code=9; received-status=503; "
                + "next-hop=\"192.0.2.1\"; details=\"no \\\"such\\\" name\""
        )
    }

    @Test(
        "text of a peer can end neither the string nor the line",
        arguments: [
            ("a\"b", "\"a\\\"b\""), ("a\\", "\"a\\\\\""), ("a\r\nX: y", "\"a??X: y\""), ("\0\u{7f}\t", "\"???\""),
            ("\u{e9}", "\"??\""), ("", "\"\""),
        ]
    )
    func escaping(_ details: String, _ expected: String) {
        #expect(text(.init(details: details)) == "apus; details=\(expected)")
    }

    @Test(
        "a token is written bare only if it is one",
        arguments: [
            ("gzip", "gzip"), ("*a/b:c", "*a/b:c"), ("1a", "\"1a\""), ("a b", "\"a b\""), ("", "\"\""),
            ("a;b", "\"a;b\""),
        ]
    )
    func tokens(_ coding: String, _ expected: String) {
        let field = ProxyStatusField(parameters: [.init("coding", .token(coding))])
        #expect(text(field) == "apus; coding=\(expected)")
        #expect(text(.init(proxy: coding)) == expected)
    }

    @Test("an integer stays within fifteen digits")
    func integers() {
        #expect(text(.init(parameters: [.init("n", .integer(.max))])) == "apus; n=999999999999999")
        #expect(text(.init(parameters: [.init("n", .integer(.min))])) == "apus; n=-999999999999999")
    }
}
