import Apus
import Testing

@Suite struct LogSettingsTests {
    private func problems(_ change: (inout ProxyConfiguration.LogSettings) -> Void) -> [ConfigurationFault.Problem] {
        var configuration = ProxyConfiguration()
        change(&configuration.log)
        do {
            try configuration.validate()
            return []
        } catch { return error.problems }
    }

    @Test("sinks that can be reached are valid") func sinks() throws {
        let udp = try ListenAddress(parsing: "127.0.0.1:514")
        for sink: ProxyConfiguration.LogSettings.Sink in [
            .file, .syslog, .journald, .syslogUDP(udp), .syslog(socket: "@log"), .journald(socket: "/j"),
        ] {
            #expect(problems { $0.sink = sink }.isEmpty)
        }
    }

    @Test("a socket needs a full path that fits, and UDP a port") func unreachable() throws {
        let zero = try ListenAddress(parsing: "127.0.0.1:0")
        let long = "/" + String(repeating: "x", count: 107)
        for sink: ProxyConfiguration.LogSettings.Sink in [
            .syslog(socket: "dev/log"), .syslog(socket: ""), .syslog(socket: "/"), .syslog(socket: long),
            .journald(socket: "/a\0b"), .syslogUDP(zero),
        ] {
            #expect(problems { $0.sink = sink }.map(\.key) == ["log.to"], "\(sink)")
        }
    }

    @Test("lines go to a file or to a daemon, not to both") func both() {
        let found = problems {
            $0.sink = .journald
            $0.file = "/var/log/access.log"
        }
        #expect(found.map(\.key) == ["log.to"])
        #expect(found.first?.message.contains("leave out log.file") == true)
    }

    @Test("a rotation needs a size and a number of files, and warns where there is no file") func rotation() {
        var configuration = ProxyConfiguration()
        configuration.log.rotateSize = 1 << 20
        #expect(configuration.warnings.isEmpty)
        configuration.log.format = .json
        #expect(configuration.warnings == ["`log.rotate-size` means nothing where `log.file` names no file"])
        configuration.log.file = "/var/log/access.log"
        #expect(configuration.warnings.isEmpty)
        let found = problems {
            $0.file = "/var/log/access.log"
            $0.rotateSize = 100
            $0.rotateKeep = 0
        }
        #expect(found.map(\.key) == ["log.rotate-size", "log.rotate-keep"])
        #expect(
            problems {
                $0.file = "/var/log/access.log"
                $0.rotateSize = 4096
            }
            .isEmpty
        )
    }

    @Test("facilities have the numbers of RFC 5424") func facilities() {
        let codes = ProxyConfiguration.LogSettings.Facility.allCases.map(\.code)
        #expect(codes == [1, 3, 16, 17, 18, 19, 20, 21, 22, 23])
    }
}
