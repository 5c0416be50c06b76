import ApusReport
import Testing

@testable import ApusCommand

@Suite("What comes by the control socket, in words")
struct ControlTextTests {
    private func value(_ text: String) throws -> JSONValue {
        let value = JSONValue.parse(Array(text.utf8).span)
        return try #require(value)
    }

    @Test("nothing that steers a terminal is printed") func plain() {
        #expect(ControlText.plain("a\u{1b}[2Jb\u{7}\u{9b}c\n") == "a?[2Jb??c?")
        #expect(ControlText.plain("größe …") == "größe …")
    }

    @Test("one is one, and two are several") func counts() throws {
        #expect(ControlText.count(1, "client") == "1 client")
        #expect(ControlText.count(2, "client") == "2 clients")
        #expect(ControlText.closed(try value(#"{"closed":1}"#)) == "; 1 client was cut off")
        #expect(ControlText.closed(try value(#"{"closed":0}"#)) == "")
    }

    @Test("a status is one screen, however little it knows") func status() throws {
        #expect(StatusText.lines(try value(#"{"ok":true}"#)).count <= 12)
        let text =
            #"{"ok":true,"version":"1","pid":7,"now":100,"state":"draining","draining_since":90,"drain_limit":"30s","started":40}"#
        #expect(StatusText.lines(try value(text))[0] == "apus 1, process 7, draining for 10s of 30s, started 1m00s ago")
    }

    @Test("a failed reload is told with its first fault") func reload() throws {
        let text = #"{"now":100,"reload":{"last":99,"last_succeeded":false,"faults":["f:1:1: wrong"],"fault_count":3}}"#
        let lines = StatusText.lines(try value(text))
        #expect(lines.contains { $0.contains("FAILED") && $0.contains("f:1:1: wrong") })
        #expect(lines.contains { $0.contains("and 2 faults more") })
    }
}
