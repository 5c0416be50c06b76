import ApusPolicy
import Testing

@Suite("time zone files")
struct TimeZoneFileTests {
    private func fault(_ bytes: [UInt8]) -> TimeZoneFault? {
        do throws(TimeZoneFault) {
            _ = try TimeZoneRules(name: "x", tzif: bytes)
            return nil
        } catch { return error }
    }

    @Test("a file that is cut short anywhere is refused as that", arguments: ZoneVectors.all)
    func everyCut(vector: ZoneVectors.Vector) {
        let bytes = vector.bytes
        for end in 0..<bytes.count {
            #expect(fault(Array(bytes[..<end])) == .truncated, "\(vector.name) cut at \(end)")
        }
        #expect(fault(bytes) == nil)
    }

    @Test("a file with any byte changed is refused or read, and nothing worse", arguments: ZoneVectors.all)
    func everyByte(vector: ZoneVectors.Vector) {
        var bytes = vector.bytes
        for index in bytes.indices {
            let kept = bytes[index]
            for value in [0, 1, 0x7f, 0x80, 0xff, kept ^ 0x20] {
                bytes[index] = value
                if let zone = try? TimeZoneRules(name: "x", tzif: bytes) { _ = zone.offset(at: 1_800_000_000) }
            }
            bytes[index] = kept
        }
    }

    /// A file of version 2 with one type, and the changes that a test makes to it.
    private func file(
        times: [Int64] = [],
        kinds: [UInt8]? = nil,
        counts: [UInt32] = [0, 0, 0, 0, 1, 4],
        offset: Int32 = 3600,
        more: [UInt8] = [],
        footer: String = ""
    ) -> [UInt8] {
        func big(_ value: some FixedWidthInteger) -> [UInt8] {
            var bytes: [UInt8] = []
            for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: value >> shift))
            }
            return bytes
        }
        var counts = counts
        counts[3] = UInt32(times.count)
        let magic = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
        var bytes = magic + [UInt32](repeating: 0, count: 6).flatMap { big($0) }
        bytes += magic + counts.flatMap { big($0) } + times.flatMap { big($0) }
        bytes += kinds ?? [UInt8](repeating: 0, count: times.count)
        bytes += big(offset) + [0, 0] + Array("LMT\0".utf8) + more
        return bytes + Array("\n\(footer)\n".utf8)
    }

    @Test("what contradicts itself is refused")
    func inconsistent() {
        #expect(fault(file()) == nil)
        #expect(fault(file(times: [1, 2])) == nil)
        #expect(fault(file(times: [2, 1])) == .inconsistent)
        #expect(fault(file(times: [1, 1])) == .inconsistent)
        #expect(fault(file(times: [1], kinds: [1])) == .inconsistent)
        #expect(fault(file(counts: [2, 0, 0, 0, 1, 4], more: [0, 0])) == .inconsistent)
        #expect(fault(file(counts: [0, 3, 0, 0, 1, 4], more: [0, 0, 0])) == .inconsistent)
        #expect(fault(file(counts: [0, 0, 0, 0, 0, 4])) == .inconsistent)
        for offset in [93_600, -90_000, Int32.min] { #expect(fault(file(offset: offset)) == .inconsistent) }
        #expect(fault(file(counts: [0, 0, 1, 0, 1, 4], more: [UInt8](repeating: 0, count: 12))) == .leapSeconds)
        #expect(fault(file(footer: "nonsense")) == .rule)
        #expect(fault(Array("GIF89a".utf8)) == .noTimeZone)
        #expect(fault(file(counts: [.max, .max, .max, 0, .max, .max])) == .truncated)
    }

    @Test("without a transition the footer says all, without a footer the first type")
    func bare() throws {
        let zone = try TimeZoneRules(name: "x", tzif: file())
        #expect(zone.offset(at: 0) == 3600 && zone.offset(at: .max) == 3600)
        let ruled = try TimeZoneRules(name: "x", tzif: file(footer: "EET-2"))
        #expect(ruled.offset(at: 0) == 7200)
        let later = try TimeZoneRules(name: "x", tzif: file(times: [100], footer: "EET-2"))
        #expect(later.offset(at: 99) == 3600 && later.offset(at: 100) == 7200)
    }
}
