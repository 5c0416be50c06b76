import Apus
import Testing

@testable import ApusConfig

@Suite struct LogSinkTextTests {
    @Test(
        "a sink is written as it is read",
        arguments: [
            ("file", ProxyConfiguration.LogSettings.Sink.file), ("syslog", .syslog), ("journald", .journald),
            ("syslog:/run/log.sock", .syslog(socket: "/run/log.sock")), ("syslog:@log", .syslog(socket: "@log")),
            ("journald:/run/j", .journald(socket: "/run/j")),
        ]
    )
    func sinks(_ text: String, _ sink: ProxyConfiguration.LogSettings.Sink) throws {
        #expect(try LogSinkText.parse(text) == sink)
        #expect(LogSinkText.describe(sink) == text)
    }

    @Test("UDP takes an address and a port", arguments: ["127.0.0.1:514", "[::1]:514"])
    func udp(_ address: String) throws {
        let sink = try LogSinkText.parse("syslog:udp://\(address)")
        #expect(sink == .syslogUDP(try ListenAddress(parsing: address)))
        #expect(LogSinkText.describe(sink) == "syslog:udp://\(address)")
    }

    @Test("the paths that stand for themselves are written in short")
    func standard() {
        #expect(LogSinkText.describe(.syslog(socket: "/dev/log")) == "syslog")
        #expect(LogSinkText.describe(.journald(socket: "/run/systemd/journal/socket")) == "journald")
    }

    @Test(
        "what is none is answered with what it takes",
        arguments: [
            ("", "takes file, syslog"), ("File", "takes file"), ("file:/var/log/x", "log.file (--log-file /var/log/x)"),
            ("syslog:udp://localhost:514", "syslog:udp://localhost:514"), ("syslog:udp://127.0.0.1", "127.0.0.1"),
            ("syslog:udp:127.0.0.1:514", "syslog:udp://"), ("journal", "journald"),
        ]
    )
    func faults(_ text: String, _ words: String) {
        let fault = #expect(throws: ValueFault.self) { try LogSinkText.parse(text) }
        #expect("\(fault.map { "\($0)" } ?? "")".contains(words))
    }
}
