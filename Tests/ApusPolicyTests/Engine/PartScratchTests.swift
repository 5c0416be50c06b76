import Testing

@testable import ApusPolicy

@Suite("sets of parts", .serialized)
struct PartScratchTests {
    @Test("each row takes the parts that it matches of those that are left", arguments: [1, 63, 64, 65, 200])
    func taking(count: Int) {
        var parts = PartScratch()
        for _ in 0..<2 {
            parts.begin(count)
            #expect(!parts.isOver)
            parts.clear(0)
            parts.add(count - 1, 0, asking: false)
            parts.takeLaid()
            #expect(parts.took && !parts.tookAsking && parts.isOver == (count == 1))
            parts.takeLaid()
            #expect(!parts.took && !parts.tookAsking)
            parts.takeAll(asking: true)
            #expect(!parts.took && parts.tookAsking == (count > 1) && parts.isOver)
            parts.takeAll(asking: false)
            #expect(!parts.took && !parts.tookAsking)
        }
    }

    @Test("an exception takes away where it matches, and leaves open where it depends on the user")
    func exceptions() {
        var parts = PartScratch()
        parts.begin(4)
        parts.clear(0)
        parts.addAll(0, asking: false)
        parts.clear(1)
        parts.add(0, 1, asking: false)
        parts.add(1, 1, asking: true)
        parts.except(0)
        parts.takeLaid()
        #expect(parts.took && parts.tookAsking && !parts.isOver)
        // The first part is the only one that is left.
        parts.clear(0)
        parts.add(0, 0, asking: true)
        parts.takeLaid()
        #expect(!parts.took && parts.tookAsking && parts.isOver)
        parts.begin(4)
        parts.clear(0)
        parts.addAll(0, asking: false)
        parts.ask(0)
        parts.takeLaid()
        #expect(!parts.took && parts.tookAsking && parts.isOver)
        parts.takeNone()
        #expect(!parts.took && !parts.tookAsking)
    }
}
