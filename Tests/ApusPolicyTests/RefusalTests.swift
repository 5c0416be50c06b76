import ApusPolicy
import ApusWire
import Testing

@Suite("refusals")
struct RefusalTests {
    @Test("every class but the global one has its own refusal, and the way back")
    func classes() {
        for addressClass in AddressClass.allCases {
            #expect((addressClass.refusal == nil) == (addressClass == .global))
            if let refusal = addressClass.refusal {
                #expect(refusal.addressClass == addressClass)
                #expect("\(refusal)" == "\(addressClass)")
                #expect(refusal.status == 403 && refusal.proxyErrorType == .destinationIPProhibited)
                #expect(refusal.sentence.description == addressClass.sentence.description)
            }
        }
        #expect(Refusal.allCases.filter { $0.addressClass != nil }.count == AddressClass.allCases.count - 1)
    }

    @Test(
        "reasons that are no address have the status and token of RFC 9209",
        arguments: [
            (Refusal.clientNotAllowed, 403, "http_request_denied"),
            (.announcerNotAllowed, 403, "http_request_denied"), (.connectPort, 403, "http_request_denied"),
            (.denied, 403, "http_request_denied"),
            (.singleLabelName, 403, "destination_ip_prohibited"),
            (.protocolNotServed, 403, "http_request_denied"),
            (.ownListener, 403, "destination_ip_prohibited"),
            (.clientConnectionLimit, 429, "connection_limit_reached"),
            (.connectionLimit, 503, "connection_limit_reached"),
            (.tunnelLimit, 503, "connection_limit_reached"),
            (.requestRateLimit, 429, "http_request_denied"), (.volumeLimit, 429, "http_request_denied"),
            (.userConnectionLimit, 429, "connection_limit_reached"),
            (.userTunnelLimit, 429, "connection_limit_reached"),
            (.usageTableFull, 503, "connection_limit_reached"),
            (.policyTimeout, 503, "proxy_internal_error"), (.policyUnavailable, 503, "proxy_internal_error"),
            (.credentialsMissing, 407, "http_request_denied"), (.credentialsInvalid, 407, "http_request_denied"),
            (.credentialsThrottled, 429, "http_request_denied"),
            (.authenticatorUnavailable, 503, "proxy_internal_error"),
            (.authenticationTimeout, 503, "proxy_internal_error"),
        ]
    )
    func tokens(refusal: Refusal, status: UInt16, token: String) {
        #expect(refusal.addressClass == nil)
        #expect(refusal.status == status)
        #expect(refusal.isUndecided == (token == "proxy_internal_error"))
        #expect(refusal.proxyErrorType.token.description == token)
    }
}
