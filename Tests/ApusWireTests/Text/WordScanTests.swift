import Testing

@testable import ApusWire

@Suite struct WordScanTests {
    /// Every byte at every place among bytes that do not end the scan: the words' edges, the tail, and beyond the end.
    private func scans(
        _ filler: UInt8,
        _ scan: (Span<UInt8>, Int, Int) -> Int,
        stops: (UInt8) -> Bool,
        _ location: SourceLocation = #_sourceLocation
    ) {
        for count in [0, 1, 7, 8, 9, 15, 16, 17, 31] {
            for start in [0, min(3, count)] {
                let sound = [UInt8](repeating: filler, count: count + 8)
                #expect(scan(sound.span, start, count) == count, sourceLocation: location)
                for at in start..<count {
                    for byte in UInt8.min...UInt8.max {
                        var bytes = sound
                        bytes[at] = byte
                        let end = scan(bytes.span, start, count)
                        if end != (stops(byte) ? at : count) {
                            Issue.record("\(byte) at \(at) of \(count): \(end)", sourceLocation: location)
                        }
                    }
                }
            }
        }
    }

    @Test("field content ends at a control that is no tab, wherever it stands")
    func fieldContent() {
        scans(0x76, { WordScan.endOfFieldContent($0, from: $1, to: $2) }, stops: { !ByteClass.isFieldContent($0) })
        scans(0xff, { WordScan.endOfFieldContent($0, from: $1, to: $2) }, stops: { !ByteClass.isFieldContent($0) })
        scans(0x09, { WordScan.endOfFieldContent($0, from: $1, to: $2) }, stops: { !ByteClass.isFieldContent($0) })
    }

    @Test("a token ends at a byte that is no tchar, wherever it stands")
    func token() {
        scans(0x2d, { WordScan.endOfToken($0, from: $1, to: $2) }, stops: { !ByteClass.isToken($0) })
        scans(0x41, { WordScan.endOfToken($0, from: $1, to: $2) }, stops: { !ByteClass.isToken($0) })
        scans(0x7a, { WordScan.endOfToken($0, from: $1, to: $2) }, stops: { !ByteClass.isToken($0) })
        scans(0x5f, { WordScan.endOfToken($0, from: $1, to: $2) }, stops: { !ByteClass.isToken($0) })
    }

    @Test("a target ends at a control, a space or DEL, wherever it stands, and not at a byte beyond ASCII")
    func target() {
        for filler: UInt8 in [0x21, 0x7e, 0x80, 0xff] {
            scans(filler, { WordScan.endOfTarget($0, from: $1, to: $2) }, stops: { $0 < 0x21 || $0 == 0x7f })
        }
    }

    @Test("the last sixteen bytes of a token are packed as if byte by byte, at the end of the bytes too")
    func packed() {
        let text = Array("Proxy-Authentication-Info".utf8)
        for behind in 0..<9 {
            for count in 0...text.count {
                let bytes = Array(text[0..<count]) + [UInt8](repeating: 0x3a, count: behind)
                var before: UInt64 = 0
                var last: UInt64 = 0
                for byte in text[0..<count] {
                    before = before << 8 | last >> 56
                    last = last << 8 | UInt64(byte | 0x20)
                }
                let packed = WordScan.packed(bytes.span, 0, count)
                #expect(packed.last == last && packed.before == before, "\(count) bytes, \(behind) behind")
            }
        }
    }
}
