import Testing

@testable import ApusWire

@Suite struct HeadTextTests {
    @Test("the pieces are those that heads are made of, with the pseudonym in Via")
    func pieces() {
        let some = HeadText(pseudonym: Array("apus-1".utf8))
        #expect(some.bytes[some.lastLines10] == "Via: 1.0 apus-1\r\n\r\n")
        #expect(some.bytes[some.lastLines11] == "Via: 1.1 apus-1\r\n\r\n")
        #expect(some.bytes[some.requestVersion] == " HTTP/1.1\r\nHost: ")
        #expect(some.bytes[some.trailersAndUpgrade] == "TE: trailers\r\nConnection: TE, Upgrade\r\n")
    }

    @Test("a date is put in its place; what is no IMF-fixdate in length is not")
    func date() {
        var some = HeadText(pseudonym: [0x61])
        let before = some.bytes
        some.setDate(Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8))
        #expect(some.bytes[some.date] == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
        #expect(some.bytes.count == before.count)
        let after = some.bytes
        some.setDate(Array("Sun, 06 Nov 1994 08:49:37 GMT ".utf8))
        some.setDate([])
        #expect(some.bytes == after)
    }

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
        writer.write(source.span, ByteRange(0, 0), to: &span)
        #expect(writer.end == nil)
        #expect(text(target) == "abc.")
    }
}
