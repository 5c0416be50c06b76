import Testing

@testable import ApusWire

@Suite("A head that comes in drips")
struct PartialHeadTests {
    /// A request head of so many bytes, in lines of 1,000.
    private static func head(_ count: Int) -> [UInt8] {
        var bytes = Array("GET http://a/ HTTP/1.1\r\nHost: a\r\n".utf8)
        while bytes.count < count - 1004 {
            bytes += Array("X: ".utf8) + [UInt8](repeating: 0x78, count: 995) + [0x0d, 0x0a]
        }
        bytes += Array("X: ".utf8) + [UInt8](repeating: 0x78, count: count - bytes.count - 7) + Array("\r\n\r\n".utf8)
        return bytes
    }

    /// Feeds the bytes in steps; how often the parser was asked, and what it said at the end.
    private static func feed(_ bytes: [UInt8], step: Int) -> (asked: Int, end: Int?) {
        var watch = PartialHead()
        var fields = FieldTable()
        var asked = 0
        for count in stride(from: step, through: bytes.count + step - 1, by: step) {
            let shown = bytes.span.extracting(0..<min(count, bytes.count))
            guard watch.isWorthParsing(shown) else { continue }
            watch.reset()
            asked += 1
            switch RequestParser.parse(shown, limits: HeadLimits(), fields: &fields) {
            case .incomplete: watch.wasIncomplete(at: shown.count)
            case .complete(let head): return (asked, head.end)
            case .invalid: return (asked, nil)
            }
        }
        return (asked, nil)
    }

    @Test("64 KiB byte by byte are parsed once a line and once a step, not once a byte") func dripped() {
        let bytes = Self.head(65_000)
        let fed = Self.feed(bytes, step: 1)
        #expect(fed.end == bytes.count)
        #expect(fed.asked <= 66 + 3 + 65_000 / PartialHead.step + 1)
    }

    @Test("a head is found whole whatever the steps it comes in") func steps() {
        let bytes = Self.head(9000)
        for step in [1, 2, 3, 7, 100, 1000, 4095, 4096, 4097, 9000, 20_000] {
            #expect(Self.feed(bytes, step: step).end == bytes.count)
        }
    }

    @Test("a line that never ends is found out after a step") func endless() {
        let bytes = Array("GET http://a/".utf8) + [UInt8](repeating: 0x78, count: 40_000)
        let fed = Self.feed(bytes, step: 1)
        #expect(fed.end == nil)
        #expect(fed.asked <= (16 << 10) / PartialHead.step + 2)
    }

    @Test("a part of a head is there from the first look to the last") func isBegun() {
        let bytes = Array("HTTP/1.1".utf8)
        var watch = PartialHead()
        #expect(!watch.isBegun)
        let atFirst = watch.isWorthParsing(bytes.span)
        #expect(atFirst)
        #expect(!watch.isBegun)
        watch.wasIncomplete(at: bytes.count)
        #expect(watch.isBegun)
        let again = watch.isWorthParsing(bytes.span)
        #expect(!again)
        watch.reset()
        #expect(!watch.isBegun)
    }
}
