import ApusTop
import Testing

@Suite struct EventStreamParserTests {
    private func events(_ text: String, step: Int = .max) -> [[String]] {
        var parser = EventStreamParser()
        let bytes = Array(text.utf8)
        var events: [EventStreamParser.Event] = []
        for start in stride(from: 0, to: bytes.count, by: min(step, max(bytes.count, 1))) {
            events += parser.feed(bytes[start..<min(start + min(step, bytes.count), bytes.count)])
        }
        return events.map { [$0.name, String(decoding: $0.data, as: UTF8.self)] }
    }

    private static let streams: [(String, [[String]])] = [
        ("event: a\ndata: {\"x\":1}\n\n", [["a", "{\"x\":1}"]]),
        ("event:a\r\ndata:1\r\ndata:  2\r\n\r\ndata: 3\r\n\r\n", [["a", "1\n 2"], ["message", "3"]]),
        ("data: 1\r\rdata: 2\r\r", [["message", "1"], ["message", "2"]]),
        (": a comment\n\nretry: 500\nid: 7\n\nevent: lost\n\ndata\n\n", [["message", ""]]),
        ("\u{feff}data: 1\n\ndata: not whole\n", [["message", "1"]]),
        ("dataX: 1\ndata : 2\n\n", []),
    ]

    @Test("events are read alike however the stream is cut")
    func everyCut() {
        for (text, expected) in Self.streams {
            for step in [1, 2, 3, 5, Int.max] { #expect(events(text, step: step) == expected, "\(text) by \(step)") }
        }
    }

    @Test("an event that is too large is passed over, and the next one is read")
    func large() {
        var parser = EventStreamParser()
        let block = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(parser.feed(Array("data: ".utf8)).isEmpty)
        for _ in 0..<9 { #expect(parser.feed(block).isEmpty) }
        #expect(parser.feed(Array("\n\n".utf8)).isEmpty)
        #expect(parser.feed(Array("data: 1\n\n".utf8)).map(\.data) == [[0x31]])
    }
}
