import Testing

@testable import ApusFlow

@Suite("An own fault") struct OwnFaultTests {
    @Test("has a label of its own, of lower case and underscores") func labels() {
        let labels = OwnFault.allCases.map { "\($0.label)" }
        #expect(Set(labels).count == labels.count)
        for label in labels {
            #expect(!label.isEmpty && label.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x5f }, "\(label)")
        }
    }

    @Test("is a 500 by this proxy that names its place to who reads the fault, and no other fault has a place")
    func fault() {
        for place in OwnFault.allCases {
            let fault = Fault.internalError(place)
            #expect(fault.place == place && fault.status == 500 && fault.ending == Ending(.proxy, .relay, .failure))
        }
        #expect(FaultTests.all.filter { $0.place != nil } == [.internalError(.requestHead)])
    }
}
