import ApusWire
import Testing

@Suite struct ResponseFaultTests {
    @Test("every fault is a 502 with a label of its own, unlike any of a request's, and a sentence")
    func closed() {
        let all = ResponseFault.allCases
        let labels = Set(all.map(\.metricLabel.description))
        #expect(labels.count == all.count)
        #expect(labels.isDisjoint(with: RequestFault.allCases.map(\.metricLabel.description)))
        #expect(Set(all.map(\.sentence.description)).count == all.count)
        #expect(all.allSatisfy { $0.status == 502 && !$0.hint.description.isEmpty })
    }

    @Test(
        "Proxy-Status says what kind of fault it was",
        arguments: [
            (ResponseFault.headTooLarge, ProxyErrorType.httpResponseHeaderSectionSize),
            (.fieldLineTooLong, .httpResponseHeaderSize), (.trailersTooLarge, .httpResponseTrailerSectionSize),
            (.unknownTransferCoding, .httpResponseTransferCoding), (.unrequestedUpgrade, .httpUpgradeFailed),
            (.incompleteBody, .httpResponseIncomplete), (.noResponse, .connectionTerminated),
            (.bareLF, .httpProtocolError), (.differingContentLengths, .httpProtocolError),
        ]
    )
    func errorTypes(_ fault: ResponseFault, _ type: ProxyErrorType) {
        #expect(fault.proxyErrorType == type)
    }

    @Test("faults of chunked bodies and trailers become faults of the response")
    func framing() {
        #expect(ChunkFault.malformedSize.responseFault == .malformedChunk)
        #expect(ChunkFault.extensionsTooLong.responseFault == .chunkExtensionsTooLong)
        #expect(TrailerFault.tooLarge.responseFault == .trailersTooLarge)
        #expect(TrailerFault.bareCR.responseFault == .malformedTrailer)
    }
}
