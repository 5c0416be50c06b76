import Testing

@testable import Apus

@Suite struct StartLinesTests {
    private func lines(_ listeners: [String], allowFrom: [String] = []) throws -> [String] {
        StartLines.lines(try listeners.map { try ListenAddress(parsing: $0) }, allowFrom: allowFrom)
    }

    @Test("three lines name every address and a command that works")
    func names() throws {
        let lines = try lines(["0.0.0.0:8080", "[::1]:3128"])
        #expect(lines.count == 3)
        #expect(lines[0].contains("0.0.0.0:8080, [::1]:3128"))
        #expect(lines[1] == "try it in another terminal: curl -x 'http://[::1]:3128' http://example.com/")
    }

    @Test("an IPv4 address is shown before an IPv6 one, which shells want quoted")
    func family() throws {
        #expect(try lines(["[::1]:1", "127.0.0.1:2"])[1].contains("curl -x http://127.0.0.1:2 http"))
    }

    @Test("a wildcard is tried by loopback, if that is served")
    func wildcard() throws {
        let all = ["127.0.0.0/8", "::1"]
        #expect(try lines(["0.0.0.0:80"], allowFrom: all)[1].contains("curl -x http://127.0.0.1:80 "))
        #expect(try lines(["[::]:80"], allowFrom: all)[1].contains("curl -x 'http://[::1]:80' "))
    }

    @Test("where this machine is not served, the command is for one that is; where nobody is, there is none")
    func elsewhere() throws {
        let line = try lines(["0.0.0.0:80"], allowFrom: ["192.168.1.0/24"])[1]
        let expected = "--allow-from names: curl -x http://ADDRESS-OF-THIS-MACHINE:80 http://example.com/"
        #expect(line.hasSuffix(expected))
        #expect(try lines(["0.0.0.0:80"]).count == 2)
    }

    @Test("a busy address is named, with another to take")
    func busy() throws {
        let text = StartFault.addressInUse(try ListenAddress(parsing: "127.0.0.1:65535")).description
        #expect(text.contains("127.0.0.1:65535 is in use"))
        #expect(text.contains("as on 127.0.0.1:3128"))
    }
}
