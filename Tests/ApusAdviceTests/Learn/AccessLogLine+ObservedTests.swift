import ApusAdvice
import ApusFlow
import ApusPolicy
import ApusReport
import ApusSamples
import Testing

@Suite("Access log line, observed")
struct AccessLogLineObservedTests {
    private func parse(_ text: some StringProtocol) -> AccessLogLine? {
        let bytes = Array(text.utf8)
        return AccessLogLine.parse(bytes.span)
    }

    private func observed(_ record: AccessRecord) -> ObservedRequest? { parse(logged(record, .json))?.observed }

    @Test("what was served is observed: requests, tunnels, upgrades")
    func served() {
        var record = sampleRecord()
        record.user = "anna"
        #expect(
            observed(record) == ObservedRequest("GET", isTunnel: false, host: "example.com", port: 80, user: "anna")
        )
        record.kind = .upgrade
        #expect(observed(record)?.isTunnel == false)
        record = sampleTunnel()
        #expect(observed(record) == ObservedRequest("CONNECT", isTunnel: true, host: "2001:db8::1", port: 443))
        #expect(observed(record)?.isPlainTunnel == false)
        record.unjudged = "tunnel_not_tls"
        #expect(observed(record)?.isPlainTunnel == true)
        record.unjudged = nil
        record.wouldDeny = "tunnel_not_tls"
        #expect(observed(record)?.isPlainTunnel == true)
        record.wouldDeny = nil
        record.status = 404
        #expect(observed(record)?.outcome == .served)
    }

    @Test(
        "an address that needs an exception to the guard is told",
        arguments: [
            ("10.0.0.1:80", true), ("127.0.0.1:80", true), ("[fd00::1]:80", true), ("[::1]:80", true),
            ("192.0.2.1:80", false),
            ("[2001:db8::1]:80", false), ("169.254.1.1:80", false), ("nonsense", false), ("[::]", false),
        ]
    )
    func privateAddresses(_ upstream: String, _ isPrivate: Bool) {
        var record = sampleRecord()
        record.upstream = upstream
        #expect(observed(record)?.isPrivate == isPrivate)
    }

    @Test("what was denied or failed is told with its label, the rule's name first")
    func others() {
        var record = sampleRecord()
        record.status = 403
        record.proxyStatus = "http_request_denied"
        record.fault = "policy"
        #expect(observed(record)?.outcome == .denied("policy"))
        record.rule = "no games"
        #expect(observed(record)?.outcome == .denied("no games"))
        record.rule = nil
        record.proxyStatus = "destination_ip_prohibited"
        record.fault = "loopback"
        #expect(observed(record)?.outcome == .denied("loopback"))
        record.proxyStatus = "dns_error"
        record.fault = nil
        #expect(observed(record)?.outcome == .failed("dns_error"))
        record.proxyStatus = nil
        record.status = 0
        #expect(observed(record)?.outcome == .failed("no_answer"))
    }

    @Test("what was no request to an origin is not observed")
    func none() {
        for change in [
            { $0.host = "" }, { $0.method = "" }, { $0.port = 0 }, { $0.proxyStatus = "http_request_error" },
            { $0.proxyStatus = "proxy_internal_response" }, { $0.status = 407 },
        ] as [(inout AccessRecord) -> Void] {
            var record = sampleRecord()
            change(&record)
            #expect(observed(record) == nil)
        }
        #expect(parse("{}")?.observed == nil)
    }
}
