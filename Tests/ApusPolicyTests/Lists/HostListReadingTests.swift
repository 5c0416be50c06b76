import ApusWire
import Testing

@testable import ApusPolicy

@Suite("Host list reading")
struct HostListReadingTests {
    @Test("all that is left out is counted, the first of it told")
    func bounded() {
        var reading = HostListReading()
        for line in 1...50 { reading.skip(.noName, line: line) }
        #expect(reading.skipped == 50)
        #expect(reading.faults.count == HostListReading.mostFaults)
        #expect(reading.told.first == "line 1: There is no name behind the address.")
        #expect(reading.faults.last?.line == HostListReading.mostFaults)
    }

    @Test("a line counts once, whatever is left out of it")
    func lines() {
        var reading = HostListReading()
        for line in [1, 1, 3, 4, 4, 4] { reading.skip(.noName, line: line) }
        #expect(reading.skipped == 6 && reading.skippedLines == 3)
    }

    @Test("what is no name is told with its fault")
    func names() {
        var reading = HostListReading()
        let bytes = Array("bücher.example".utf8)
        reading.add(bytes.span, 0..<bytes.count, .name, line: 3)
        #expect(reading.faults == [HostListFault(line: 3, reason: .name(.nonASCII))])
        #expect(reading.entries == 0)
    }

    @Test("every reason has a sentence of its own")
    func sentences() {
        let reasons: [HostListFault.Reason] = [
            .name(.empty), .noAddress, .noName, .extraText, .notAHost, .partOfHost, .option, .trigger, .action,
            .outsideZone,
            .directive, .record, .tooLong,
        ]
        #expect(Set(reasons.map(\.sentence.description)).count == reasons.count)
    }
}
