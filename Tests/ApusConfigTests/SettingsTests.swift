import Apus
import Testing

@testable import ApusConfig

@Suite struct SettingsTests {
    @Test("keys, flags and variables are each there once")
    func unique() {
        #expect(Set(Settings.all.map(\.key)).count == Settings.all.count)
        #expect(Set(Settings.all.map(\.flag)).count == Settings.all.count)
        #expect(Set(Settings.all.map(\.environment)).count == Settings.all.count)
    }

    @Test("no variable can be mistaken for one that Kubernetes sets for a service named apus")
    func noServiceVariables() {
        for setting in Settings.all {
            #expect(!setting.environment.hasPrefix("APUS_PORT"))
            #expect(!setting.environment.hasPrefix("APUS_SERVICE"))
        }
    }

    @Test("each row's example is taken, changes its value alone, and stays valid", arguments: Settings.all.map(\.key))
    func examples(_ key: String) throws {
        let setting = try #require(Settings.named(key: key))
        var configuration = ParsedSettings.standard
        let texts = setting.isList ? setting.example.split(separator: ",").map(String.init) : [setting.example]
        try setting.apply(&configuration, texts)
        if key == "limits.request-head" {
            configuration.limits.requestLine = 8 << 10
            configuration.limits.fieldLine = 8 << 10
        }
        try configuration.validate()
        if key != "listen" { #expect(setting.show(configuration) != setting.defaultText) }
        for other in Settings.all where other.key != key && !other.key.hasSuffix("-line") {
            #expect(other.show(configuration) == other.defaultText, "\(other.key)")
        }
    }

    @Test("every key a configuration's fault can name has a row")
    func faultKeys() {
        var configuration = ProxyConfiguration()
        configuration.listeners = []
        configuration.threads = -1
        configuration.connectPorts = .only([0])
        configuration.allowTo = [""]
        configuration.allowFrom = [""]
        configuration.viaPseudonym = ""
        configuration.log.file = ""
        configuration.log.buffer = -1
        configuration.log.sink = .syslog(socket: "log")
        configuration.admin.listen = ListenAddress(host: "0.0.0.0", port: 0).map { .address($0) } ?? .standard
        configuration.recorder.folder = ""
        configuration.user = ""
        configuration.recorder.errorRate = 2
        for path: any WritableKeyPath<ProxyConfiguration, Int> & Sendable in Self.counts {
            configuration[keyPath: path] = -1
        }
        for path: any WritableKeyPath<ProxyConfiguration, Duration> & Sendable in Self.spans {
            configuration[keyPath: path] = .seconds(-1)
        }
        let fault = #expect(throws: ConfigurationFault.self) { try configuration.validate() }
        let keys = fault?.problems.map(\.key) ?? []
        // All rows but those that cannot hold a wrong value: four switches, fifteen choices, two paths, names and words.
        #expect(
            Set(keys).symmetricDifference(Settings.all.map(\.key)) == [
                "allow-private", "authentication.required", "log.format", "log.redact-queries", "log.secret-names",
                "log.color",
                "log.facility", "limits.idle-sharing",
                "sni.mode", "sni.for", "sni.missing", "sni.encrypted", "sni.not-tls", "sni.denials-missing",
                "sni.denials-encrypted", "sni.denials-not-tls", "reload.end-denied", "names.single-label",
                "admin.enabled", "admin.token-file", "admin.names", "control", "parent", "parent-bypass",
                "parent-credentials", "route", "balance",
            ]
        )
    }

    private static let counts: [any WritableKeyPath<ProxyConfiguration, Int> & Sendable] = [
        \.limits.requestLine, \.limits.fieldLine, \.limits.requestHead, \.limits.fields, \.limits.responseHead,
        \.limits.trailers, \.limits.chunkExtensions, \.limits.minimumBodyRate, \.limits.linger, \.limits.connections,
        \.limits.connectionsPerClient, \.limits.tunnels, \.limits.originConnections, \.limits.idlePerOrigin,
        \.limits.idleConnections, \.limits.pipes, \.limits.pipeSize, \.authentication.entries,
        \.authentication.failures, \.names.entries, \.names.threads, \.names.waiting, \.names.perClient,
        \.limits.ipv6Prefix, \.serverNames.limit,
        \.log.rotateSize, \.log.rotateKeep, \.recorder.transactions, \.recorder.memory,
        \.recorder.bodies,
    ]

    private static let spans: [any WritableKeyPath<ProxyConfiguration, Duration> & Sendable] = [
        \.timeouts.head, \.timeouts.announcement, \.timeouts.policy, \.timeouts.authentication,
        \.authentication.lifetime,
        \.authentication.failureInterval, \.timeouts.lookUp, \.timeouts.connect, \.timeouts.nextAddress,
        \.timeouts.firstByte, \.timeouts.requestBody, \.timeouts.responseBody, \.timeouts.stall, \.timeouts.clientIdle,
        \.timeouts.upstreamIdle, \.timeouts.halfClosedClient, \.timeouts.tunnelIdle, \.timeouts.tunnelHalfClose,
        \.timeouts.linger, \.timeouts.drain, \.names.positive, \.names.negative, \.serverNames.time, \.reload.watch,
    ]
}
