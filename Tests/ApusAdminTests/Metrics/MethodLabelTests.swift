import ApusWire
import Testing

@testable import ApusAdmin

@Suite("The label of a method")
struct MethodLabelTests {
    @Test("well-known methods have their own, all others share one") func labels() {
        let labels = (0...UInt8.max).compactMap { Method(rawValue: $0)?.label }
        #expect(labels.count == Set(labels).count)
        #expect(Method.connect.label == "CONNECT" && Method.other.label == "other")
    }
}
