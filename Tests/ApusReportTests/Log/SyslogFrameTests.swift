import Testing

@testable import ApusReport

@Suite struct SyslogFrameTests {
    private func message(_ line: [UInt8], facility: UInt8 = 16, host: String = "gate.example") -> String {
        let frame = SyslogFrame(facility: facility, hostName: host, processID: 4711)
        var message: [UInt8] = []
        frame.append(line.span, microsecondsSince1970: 971_186_136_123_456, to: &message)
        return String(decoding: message, as: UTF8.self)
    }

    @Test("a line has the header of RFC 5424 before it")
    func header() {
        #expect(
            message(Array("{\"a\":1}".utf8))
                == "<134>1 2000-10-10T13:55:36.123456Z gate.example apus 4711 access - {\"a\":1}"
        )
        #expect(message([], facility: 3) == "<30>1 2000-10-10T13:55:36.123456Z gate.example apus 4711 access - ")
    }

    @Test("the severity stands at the front of a line")
    func severity() {
        var line: [UInt8] = []
        SyslogFrame.begin(.warning, &line)
        line += Array("x".utf8)
        #expect(message(line).hasPrefix("<132>1 "))
        #expect(message(line).hasSuffix(" - x"))
        line = []
        SyslogFrame.begin(.informational, &line)
        #expect(line.isEmpty)
    }

    @Test("a host name that the header cannot hold is mended")
    func hosts() {
        #expect(message([], host: "").contains("Z - apus "))
        #expect(message([], host: "a b\u{e9}").contains("Z a?b?? apus "))
        #expect(
            message([], host: String(repeating: "h", count: 300)).contains(
                " \(String(repeating: "h", count: 255)) apus "
            )
        )
    }

    @Test("a message that would be too long is cut at a character", arguments: 8000..<8200)
    func long(_ count: Int) {
        for character in ["x", "é", "漢", "🦅"] {
            let line = Array(String(repeating: character, count: count / character.utf8.count).utf8)
            let text = message(line)
            #expect(text.utf8.count <= SyslogFrame.limit)
            #expect(!text.contains("\u{fffd}"))
            let whole = text.split(separator: " ").last ?? ""
            if whole.utf8.count == line.count { continue }
            #expect(text.hasSuffix("…") && text.utf8.count > SyslogFrame.limit - 4)
        }
    }
}
