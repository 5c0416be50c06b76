import Testing

@testable import Apus

@Suite struct StartLinesTests {
    @Test("three lines name every address and a command that works")
    func lines() throws {
        let addresses = [try ListenAddress(parsing: "0.0.0.0:8080"), try ListenAddress(parsing: "[::1]:3128")]
        let lines = StartLines.lines(addresses)
        #expect(lines.count == 3)
        #expect(lines[0].contains("0.0.0.0:8080, [::1]:3128"))
        #expect(lines[1].contains("curl -x http://[::1]:3128 http://example.com/"))
    }

    @Test("a wildcard is tried by loopback")
    func wildcard() throws {
        #expect(StartLines.lines([try ListenAddress(parsing: "0.0.0.0:80")])[1].contains("http://127.0.0.1:80 "))
        #expect(StartLines.lines([try ListenAddress(parsing: "[::]:80")])[1].contains("http://[::1]:80 "))
    }

    @Test("a busy address is named, with another to take")
    func busy() throws {
        let text = StartFault.addressInUse(try ListenAddress(parsing: "127.0.0.1:65535")).description
        #expect(text.contains("127.0.0.1:65535 is in use"))
        #expect(text.contains("--listen 127.0.0.1:3128"))
    }
}
