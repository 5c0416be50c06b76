import Testing

@testable import ApusReport

@Suite("A frequent name")
struct FrequentNameTests {
    @Test("the lists of threads are merged by name") func merged() {
        let a = FrequentName(name: "a", requests: 1, bytes: 2)
        let b = FrequentName(name: "b", requests: 3, bytes: 4)
        let merged = FrequentName.merged([[a, b], [a]], limit: 2)
        #expect(merged == [b, FrequentName(name: "a", requests: 2, bytes: 4)])
    }
}
