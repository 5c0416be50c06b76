import Testing

@testable import ApusWire

@Suite("Authentication of a connection") struct ConnectionAuthenticationTests {
    private func request(_ field: String) -> Bool? {
        RequestReading("GET http://h/ HTTP/1.1\r\nHost: h\r\n\(field)\r\n\r\n").facts?.authenticatesConnection
    }

    private func response(_ fields: String) -> Bool? {
        ResponseReading("HTTP/1.1 401 x\r\n\(fields)\r\n\r\n", method: .get, upgrade: []).facts?.authenticatesConnection
    }

    @Test(
        "is meant by credentials of NTLM, Negotiate and Kerberos, and no others",
        arguments: [
            ("NTLM TlRMTVNTUAAB", true), ("ntlm TlRM", true), ("NTLM", true), ("Negotiate YII=", true),
            ("nEGOTIATE\tYII=", true), ("Kerberos YII=", true), ("Basic YTpi", false), ("Bearer NTLM", false),
            ("NTLMv2 x", false), ("NTL x", false), ("Negotiat x", false), ("Negotiater x", false),
            ("Xegotiate x", false),
            ("Kerbero x", false), ("Kerberoz x", false), ("", false), ("Digest username=\"NTLM\"", false),
        ]
    )
    func credentials(_ value: String, _ isMeant: Bool) {
        #expect(request("Authorization: \(value)") == isMeant)
        #expect(request("Proxy-Authorization: \(value)") == false)
    }

    @Test(
        "is offered by any challenge of any line, and granted by Persistent-Auth",
        arguments: [
            ("WWW-Authenticate: NTLM", true), ("WWW-Authenticate: Negotiate", true),
            ("WWW-Authenticate: Basic realm=\"a, b\", Negotiate", true),
            ("WWW-Authenticate: Basic realm=a\r\nWWW-Authenticate: NTLM", true),
            ("WWW-Authenticate: NTLM\r\nWWW-Authenticate: Basic realm=a", true),
            ("WWW-Authenticate: Negotiate,Basic realm=a", true), ("WWW-Authenticate: , ,NTLM TlRM", true),
            ("WWW-Authenticate: Basic realm=NTLM", false), ("WWW-Authenticate: Bearer", false),
            ("Proxy-Authenticate: NTLM", false), ("Persistent-Auth: true", true), ("X: NTLM", false),
        ]
    )
    func challenges(_ fields: String, _ isMeant: Bool) { #expect(response(fields) == isMeant) }
}
