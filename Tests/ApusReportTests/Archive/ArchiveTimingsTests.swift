import ApusFlow
import Testing

@testable import ApusReport

@Suite struct ArchiveTimingsTests {
    @Test("the sum is the total unless the phases are longer")
    func sum() {
        let whole = ArchiveTimings(PhaseTimes(decide: 1, lookUp: 2, connect: 3, firstByte: 4, total: 100))
        #expect(whole.receive == 90)
        #expect(whole.sum == 100)
        let short = ArchiveTimings(PhaseTimes(decide: 0, firstByte: 4, total: 1))
        #expect(short.receive == 0)
        #expect(short.sum == 4)
        #expect(short.dns == -1)
    }

    @Test("no figure is less than -1, whatever a clock did")
    func negative() {
        let timings = ArchiveTimings(PhaseTimes(decide: -5, lookUp: -1, firstByte: -9, total: -3))
        #expect(timings.sum == 0)
        #expect(timings.dns == 0)
        #expect(timings.wait == 0)
        #expect(timings.receive == 0)
    }
}
