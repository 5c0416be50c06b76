import Testing

@testable import ApusPolicy

@Suite("Host list entry")
struct HostListEntryTests {
    @Test("an entry reads as people write it")
    func text() {
        #expect(HostListEntry("a.example", .name).description == "a.example")
        #expect(HostListEntry("a.example", .under).description == "*.a.example")
        #expect(HostListEntry("a.example").description == "a.example and *.a.example")
        #expect(HostListEntry("a.example", .under, isException: true).description == "except *.a.example")
    }

    @Test("every scope has marks of its own, as an entry and as an exception")
    func marks() {
        var seen: Set<UInt8> = []
        for scope in HostListEntry.Scope.allCases {
            for isException in [false, true] { seen.insert(scope.marks(isException: isException).rawValue) }
        }
        #expect(seen.count == 6)
    }
}
