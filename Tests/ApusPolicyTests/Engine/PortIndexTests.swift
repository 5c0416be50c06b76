import ApusSamples
import Testing

@testable import ApusPolicy

@Suite("the index of ports")
struct PortIndexTests {
    @Test("every port is taken by the rows whose ranges hold it, and by those without any")
    func every() {
        let ranges: [[ClosedRange<UInt16>]] = [
            [], [80...80], [0...0, 65_535...65_535], [1...1_023], [80...90, 85...100, 443...443], [0...65_535],
            [1_024...65_535],
        ]
        var bits = BitPool(width: 1)
        let index = PortIndex(ranges.map { ports in Condition { $0.ports = ports } }, width: 1, pool: &bits)
        for port in UInt16.min...UInt16.max {
            var expected: UInt64 = 0
            for (row, ports) in ranges.enumerated() where ports.isEmpty || ports.contains(where: { $0.contains(port) })
            {
                expected |= 1 << UInt64(row)
            }
            if bits.words[index.set(port)] != expected { Issue.record("port \(port)") }
        }
    }
}
