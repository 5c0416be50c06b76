import ApusWire
import Testing

@Suite struct RequestFaultTests {
    @Test("every fault has a label of its own, a sentence, a hint and a client or server error status")
    func closed() {
        let all = RequestFault.allCases
        #expect(Set(all.map(\.metricLabel.description)).count == all.count)
        #expect(Set(all.map(\.sentence.description)).count == all.count)
        for fault in all {
            #expect(fault.metricLabel.description.utf8.allSatisfy { ($0 | 0x20) >= 0x61 || $0 == 0x5f || $0 < 0x3a })
            #expect(fault.metricLabel.description.lowercased() == fault.metricLabel.description)
            #expect(fault.sentence.description.hasSuffix("."))
            #expect(!fault.hint.description.isEmpty)
            #expect([400, 404, 408, 414, 431, 501, 505].contains(fault.status))
        }
    }

    @Test(
        "faults that are not plainly bad requests have their own status",
        arguments: [
            (RequestFault.requestLineTooLong, 414), (.fieldLineTooLong, 431), (.headTooLarge, 431),
            (.tooManyFields, 431),
            (.unsupportedVersion, 505), (.http2Preface, 505), (.unknownTransferCoding, 501), (.unsupportedScheme, 501),
            (.httpsWithoutConnect, 501), (.notFoundHere, 404), (.slowHead, 408), (.repeatedContentLength, 400),
            (.lengthWithTransferEncoding, 400), (.severalHosts, 400), (.connectPortMissing, 400),
        ] as [(RequestFault, UInt16)]
    )
    func statuses(_ fault: RequestFault, _ status: UInt16) {
        #expect(fault.status == status)
    }

    @Test("Proxy-Status calls a fault the request's, but a missing page the proxy's own answer")
    func errorTypes() {
        #expect(RequestFault.bareLF.proxyErrorType == .httpRequestError)
        #expect(RequestFault.notFoundHere.proxyErrorType == .proxyInternalResponse)
    }

    @Test("faults of chunked bodies and trailers become faults of the request")
    func framing() {
        #expect(ChunkFault.sizeTooLarge.requestFault == .malformedChunk)
        #expect(ChunkFault.extensionsTooLong.requestFault == .chunkExtensionsTooLong)
        #expect(TrailerFault.tooLarge.requestFault == .trailersTooLarge)
        #expect(TrailerFault.bareCR.requestFault == .malformedTrailer)
    }
}
