import ApusPolicy
import ApusReport
import ApusWire
import Testing

@testable import ApusFlow

@Suite("A fault") struct FaultTests {
    /// Every fault there is.
    static let all: [Fault] =
        RequestFault.allCases.map { .request($0) } + ResponseFault.allCases.map { .response($0) }
        + Refusal.allCases.map { .refused($0) } + LookUpFault.allCases.map { .lookUp($0) }
        + (0...6).compactMap { DialFailure(rawValue: $0) }.map { .dial($0) }
        + TimeoutFault.allCases.map { .timeout($0) } + [.terminated, .loop, .internalError(.requestHead)]

    @Test("has a label of its own, of lower case and underscores") func labels() {
        var seen: [String: Fault] = [:]
        for fault in FaultTests.all {
            let label = fault.label.description
            #expect(seen[label] == nil, "\(label) is shared by \(fault) and \(String(describing: seen[label]))")
            seen[label] = fault
            #expect(
                !label.isEmpty
                    && label.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x5f || (0x30...0x39).contains($0) }
            )
        }
    }

    @Test("says in one sentence what is wrong, and names no option there") func sentences() {
        for fault in FaultTests.all {
            let sentence = fault.sentence.description
            #expect(sentence.hasSuffix(".") && sentence.first != " ", "\(fault): \(sentence)")
            #expect(!sentence.contains("--") && !sentence.contains("`"), "\(fault): \(sentence)")
            #expect(sentence.utf8.count <= 120, "\(fault): \(sentence)")
        }
    }

    @Test("says what to do about it") func hints() {
        for fault in FaultTests.all {
            let hint = fault.hint.description
            // A sentence, or one that ends in what to write.
            #expect(hint.isEmpty || hint.hasSuffix(".") || hint.contains(": "), "\(fault): \(hint)")
            #expect(hint != fault.sentence.description)
        }
        // Nothing that a client could do would help.
        let silent: [Fault] = [
            .refused(.denied), .refused(.ownListener),
            .refused(.rule),
        ]
        #expect(FaultTests.all.filter { $0.hint.description.isEmpty }.elementsEqual(silent) { "\($0)" == "\($1)" })
        #expect(LocalReply(status: 403, sentence: "No.", hint: "").hint == nil)
    }

    @Test("has the status that RFC 9209 gives to its type") func statuses() {
        for fault in FaultTests.all {
            let fitting: Set<UInt16> =
                switch fault.proxyErrorType {
                case .dnsTimeout, .connectionTimeout, .connectionReadTimeout, .connectionWriteTimeout,
                    .httpResponseTimeout:
                    [504]
                case .destinationUnavailable, .connectionLimitReached: [503, 429]
                case .dnsError, .destinationIPUnroutable, .connectionRefused, .connectionTerminated,
                    .httpResponseIncomplete, .httpResponseHeaderSectionSize, .httpResponseHeaderSize,
                    .httpResponseTransferCoding, .httpResponseTrailerSectionSize, .httpUpgradeFailed,
                    .httpProtocolError, .proxyLoopDetected:
                    [502]
                case .destinationIPProhibited: [403]
                case .httpRequestDenied: [403, 407, 429]
                case .httpRequestError: Set(400...431).union([501, 505])
                case .proxyInternalError: [500, 503]
                case .proxyInternalResponse: [404]
                default: []
                }
            #expect(fitting.contains(fault.status), "\(fault): \(fault.status) \(fault.proxyErrorType)")
        }
    }

    @Test("ends with the side that it was on, never completely") func endings() {
        for fault in FaultTests.all {
            let ending = fault.ending
            #expect(!ending.isComplete)
            switch fault {
            case .request: #expect(ending == Ending(.client, .read, .fault))
            case .response: #expect(ending.who == .upstream && ending.stage == .relay)
            case .refused(let refusal):
                let how: Ending.How =
                    switch refusal {
                    case .policyTimeout, .authenticationTimeout: .timeout
                    case .authenticatorUnavailable, .policyUnavailable: .failure
                    default: [403, 407].contains(refusal.status) ? .refused : .limit
                    }
                #expect(ending == Ending(.proxy, .decide, how))
            case .lookUp: #expect(ending.stage == .lookUp)
            case .dial, .parent: #expect(ending.who != .client && ending.stage == .reach)
            case .timeout: #expect(ending.how == .timeout && ending.who != .proxy)
            case .terminated, .loop, .internalError: break
            }
            #expect(fault.ending(at: .relay) == Ending(ending.who, .relay, ending.how))
        }
    }

    @Test("what the proxy itself lacks is not put on the host") func blame() {
        #expect(Fault.dial(.exhausted).ending.who == .proxy)
        #expect(Fault.dial(.prohibited).ending.who == .proxy)
        #expect(Fault.dial(.refused).ending.who == .upstream)
        #expect(Fault.lookUp(.overloaded).ending.who == .proxy)
    }
}
