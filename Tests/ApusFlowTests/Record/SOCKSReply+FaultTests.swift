import ApusFlow
import ApusPolicy
import ApusWire
import Testing

@Suite("A fault in SOCKS") struct SOCKSReplyFaultTests {
    @Test(
        "is the nearest reply of RFC 1928",
        arguments: [
            (Fault.request(.socksCommand), SOCKSReply.Code.commandNotSupported),
            (.request(.socksAddressType), .addressTypeNotSupported), (.request(.malformedHost), .generalFailure),
            (.refused(.rule), .notAllowed), (.refused(.connectPort), .notAllowed), (.refused(.loopback), .notAllowed),
            (.refused(.credentialsMissing), .notAllowed), (.refused(.clientNotAllowed), .notAllowed),
            (.refused(.tunnelLimit), .generalFailure), (.refused(.requestRateLimit), .generalFailure),
            (.refused(.policyTimeout), .generalFailure), (.lookUp(.notFound), .hostUnreachable),
            (.lookUp(.timedOut), .hostUnreachable), (.lookUp(.overloaded), .generalFailure),
            (.dial(.refused), .connectionRefused), (.dial(.unreachable), .networkUnreachable),
            (.dial(.timedOut), .ttlExpired), (.dial(.exhausted), .generalFailure), (.timeout(.connect), .ttlExpired),
            (.timeout(.requestHead), .generalFailure), (.internalError(.requestHead), .generalFailure),
        ]
    )
    func codes(_ fault: Fault, _ code: SOCKSReply.Code) { #expect(SOCKSReply.Code(fault) == code) }

    @Test("is never success") func never() {
        for fault in FaultTests.all { #expect(SOCKSReply.Code(fault) != .succeeded) }
    }
}
