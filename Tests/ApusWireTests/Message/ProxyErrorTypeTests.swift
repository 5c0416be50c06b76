import ApusWire
import Testing

@Suite struct ProxyErrorTypeTests {
    @Test("every error type has a token of its own that is one, and a status")
    func closed() {
        let tokens = ProxyErrorType.allCases.map(\.token.description)
        #expect(Set(tokens).count == 32)
        #expect(tokens.allSatisfy(StructuredField.isToken))
        #expect(ProxyErrorType.allCases.allSatisfy { [200, 400, 403, 500, 502, 503, 504].contains($0.status) })
    }

    @Test(
        "statuses follow RFC 9209",
        arguments: [
            (ProxyErrorType.dnsTimeout, 504), (.dnsError, 502), (.destinationUnavailable, 503),
            (.connectionRefused, 502),
            (.destinationIPProhibited, 403), (.connectionLimitReached, 503), (.httpResponseTimeout, 504),
            (.proxyInternalError, 500), (.proxyLoopDetected, 502), (.httpRequestDenied, 403), (.httpRequestError, 400),
        ] as [(ProxyErrorType, UInt16)]
    )
    func statuses(_ type: ProxyErrorType, _ status: UInt16) {
        #expect(type.status == status)
    }
}
