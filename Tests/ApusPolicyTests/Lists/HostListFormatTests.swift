import ApusSamples
import Testing

@testable import ApusPolicy

@Suite("Host list format")
struct HostListFormatTests {
    @Test("the formats have the names that a policy file gives them")
    func names() {
        #expect(HostListFormat.allCases.map(\.rawValue) == ["hosts", "domains", "adblock", "rpz"])
    }

    @Test(
        "an empty file, blank lines and a byte order mark alone are lists without entries",
        arguments: HostListFormat.allCases
    )
    func empty(_ format: HostListFormat) {
        for text in ["", "\n", "\r\n\r\n", " \t\n", "\u{feff}", "\u{feff}\n"] {
            let reading = format.read(text)
            #expect(reading.entries == 0)
            #expect(reading.skipped == 0, "\(reading.told)")
        }
    }

    @Test("a byte order mark, CRLF and a missing end of line change nothing", arguments: HostListFormat.allCases)
    func ends(_ format: HostListFormat) {
        let text = sampleList(format)
        let plain = format.read(text)
        #expect(plain.skipped == 0, "\(plain.told)")
        #expect(plain.holds("last.example"))
        let unix = text.replacing("\r\n", with: "\n")
        for other in ["\u{feff}" + text, unix.replacing("\n", with: "\r\n"), String(unix.dropLast())] {
            let reading = format.read(other)
            #expect(reading.entries == plain.entries)
            #expect(reading.skipped == 0, "\(reading.told)")
            #expect(reading.holds("last.example"))
        }
    }

    @Test(
        "a file that is cut anywhere gives what its whole lines say, and perhaps a name from the cut one",
        arguments: HostListFormat.allCases
    )
    func cuts(_ format: HostListFormat) {
        let bytes = Array(sampleList(format).utf8)
        let whole = format.read(bytes)
        for cut in bytes.indices {
            let reading = format.read(Array(bytes[..<cut]))
            let lines = bytes[..<cut].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
            let behind = format.read(Array(bytes[..<lines]))
            #expect(reading.entries >= behind.entries && reading.entries <= whole.entries)
            #expect(reading.skipped <= 1)
        }
    }

    @Test("bytes that are changed at random are read to the end", arguments: HostListFormat.allCases)
    func noise(_ format: HostListFormat) {
        var random = SplitMix(seed: 23)
        let marks = Array("\n\r\t .;()\"\\|^$@#*\0ü%/".utf8)
        let sample = Array(sampleList(format).utf8)
        for _ in 0..<2_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = marks[Int.random(in: 0..<marks.count, using: &random)]
                case 1: bytes.insert(marks[Int.random(in: 0..<marks.count, using: &random)], at: at)
                default: bytes.removeSubrange(at..<min(bytes.count - 1, at + 4))
                }
            }
            let reading = format.read(bytes)
            let lines = bytes.count { $0 == 0x0a } + 1
            #expect(reading.faults.allSatisfy { $0.line >= 1 && $0.line <= lines })
            #expect(reading.faults.count == min(reading.skipped, HostListReading.mostFaults))
        }
    }

    @Test(
        "what is no host as the format writes it is counted, whatever it is",
        arguments: [
            "http://a.example/x", "a.example:80", "10.0.0.0/8", "fd00::/8", "a.example,b.example", "bücher.example",
            "a.example b.example", "0.0.0.0 a.example", "||a.example^", "a.example CNAME .", "*.*.example", "a.*",
            "/ads[0-9]/", "\"a.example\"", "- a.example", "$INCLUDE other", "a.example/x", "user@a.example",
            "a..example",
        ]
    )
    func counted(_ line: String) {
        let own: [HostListFormat: String] = [
            .hosts: "0.0.0.0 a.example", .adblock: "||a.example^", .rpz: "a.example CNAME .",
        ]
        for format in HostListFormat.allCases where own[format] != line {
            let sample = sampleList(format)
            let before = format.read(sample)
            let reading = format.read(sample + line + "\n")
            let isTaken = reading.entries > before.entries
            #expect(isTaken || reading.skippedLines == before.skippedLines + 1, "\(format)")
            #expect(!isTaken || reading.skipped == before.skipped, "\(format)")
        }
    }
}
