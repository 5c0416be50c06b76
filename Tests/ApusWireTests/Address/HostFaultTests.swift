import ApusWire
import Testing

@Test("every fault of a host has its own sentence")
func hostFaultSentences() {
    let sentences = Set(HostFault.allCases.map(\.sentence.description))
    #expect(sentences.count == HostFault.allCases.count)
    #expect(sentences.allSatisfy { $0.hasPrefix("The host ") && $0.hasSuffix(".") })
}
