import Testing

@testable import ApusWire

@Suite struct HeadWriterTests {
    @Test("numbers are written in decimal")
    func numbers() {
        for number in [0, 1, 9, 10, 99, 100, 65535, UInt64(UInt32.max), .max - 1, .max] {
            let bytes = written(room: 20) { scratch in
                var writer = HeadWriter(at: 0)
                writer.write(number: number, to: &scratch)
                return writer.end
            }
            #expect(bytes.map { text($0) } == "\(number)")
        }
    }

    @Test("once a piece does not fit, nothing more is written and there is no head")
    func overflow() {
        let source = Array("abcdef".utf8)
        var target = [UInt8](repeating: 0x2e, count: 4)
        var span = target.mutableSpan
        var writer = HeadWriter(at: 0)
        writer.write(source.span, ByteRange(0, 3), to: &span)
        #expect(writer.end == 3)
        writer.write(source.span, ByteRange(0, 2), to: &span)
        writer.write(byte: 0x78, to: &span)
        writer.write(number: 7, to: &span)
        writer.write(source.span, ByteRange(0, 0), to: &span)
        #expect(writer.end == nil)
        #expect(text(target) == "abc.")
    }
}
