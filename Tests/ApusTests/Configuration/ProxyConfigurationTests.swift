import ApusFlow
import ApusPolicy
import Testing

@testable import Apus

@Suite struct ProxyConfigurationTests {
    @Test("the defaults are valid and warn of nothing")
    func defaults() throws {
        let configuration = ProxyConfiguration()
        try configuration.validate()
        #expect(configuration.warnings.isEmpty)
        // A library writes nothing that its program does not ask for.
        #expect(configuration.log.format == .off)
        #expect(configuration.listeners.map(\.description) == ["127.0.0.1:3128"])
    }

    @Test("all faults are told at once, each with its key")
    func allFaults() {
        var configuration = ProxyConfiguration()
        configuration.listeners = []
        configuration.threads = -1
        configuration.allowTo = ["10.0.0.0/99"]
        configuration.viaPseudonym = "a b"
        configuration.limits.fields = 0
        configuration.timeouts.head = .milliseconds(99)
        configuration.timeouts.nextAddress = .seconds(3)
        configuration.names.threads = 0
        configuration.serverNames.limit = 100
        configuration.serverNames.time = .zero
        configuration.log.file = ""
        configuration.recorder.bodies = (1 << 20) + 1
        let fault = #expect(throws: ConfigurationFault.self) { try configuration.validate() }
        #expect(
            fault?.problems.map(\.key) == [
                "listen", "threads", "allow-to", "via-pseudonym", "sni.limit", "sni.time", "limits.fields",
                "timeouts.head",
                "timeouts.next-address",
                "names.threads", "log.file", "recorder.bodies",
            ]
        )
    }

    @Test("a network with bits behind its prefix is refused before it is used, with what was meant")
    func hostBits() {
        var configuration = ProxyConfiguration()
        configuration.allowFrom = ["192.168.1.5/24"]
        let fault = #expect(throws: ConfigurationFault.self) { try configuration.validate() }
        #expect(fault?.problems.map(\.key) == ["allow-from"])
        #expect(fault?.description.contains("192.168.1.0/24") == true)
    }

    @Test("the caps that are not set are what the descriptors allow") func caps() {
        var configuration = ProxyConfiguration()
        let plan = configuration.descriptorPlan(limit: 20_000, threads: 2)
        #expect(configuration.caps(plan) == ClientCapSettings(inAll: plan.clients, tunnels: plan.clients))
        configuration.limits.connections = 100
        #expect(configuration.caps(plan) == ClientCapSettings(inAll: 100, tunnels: 100))
        configuration.limits.tunnels = 7
        #expect(configuration.caps(plan) == ClientCapSettings(inAll: 100, tunnels: 7))
    }

    @Test("a line may not be longer than the head it stands in")
    func linesFitTheHead() {
        var configuration = ProxyConfiguration()
        configuration.limits.requestHead = 8 << 10
        var fault = #expect(throws: ConfigurationFault.self) { try configuration.validate() }
        #expect(fault?.problems.map(\.key) == ["limits.request-line"])
        configuration.limits.fieldLine = 16 << 10
        fault = #expect(throws: ConfigurationFault.self) { try configuration.validate() }
        #expect(fault?.problems.map(\.key) == ["limits.request-line", "limits.field-line"])
    }

    @Test("an address named twice is a fault, but port 0 is another port each time")
    func duplicates() throws {
        var configuration = ProxyConfiguration()
        configuration.listeners = [.standard, .standard]
        #expect(throws: ConfigurationFault.self) { try configuration.validate() }
        let anyPort = try #require(ListenAddress(host: "127.0.0.1", port: 0))
        configuration.listeners = [anyPort, anyPort]
        try configuration.validate()
    }

    @Test("an open listener warns until somebody may use it, and of private destinations")
    func warnings() throws {
        var configuration = ProxyConfiguration()
        configuration.listeners = [try #require(ListenAddress(host: "0.0.0.0", port: 3128))]
        #expect(configuration.warnings.count == 1)
        configuration.allowFrom = ["10.0.0.0/8"]
        #expect(configuration.warnings.isEmpty)
        configuration.allowPrivate = true
        #expect(configuration.warnings.count == 1)
        configuration.allowFrom = ["0.0.0.0/0"]
        #expect(configuration.warnings.count == 2)
        configuration.allowTo = ["10.1.0.0/16", "::1"]
        #expect(configuration.warnings.last?.hasSuffix("`allow-to` lets them into 10.1.0.0/16, ::1") == true)
        configuration.listeners = [.standard]
        #expect(configuration.warnings.isEmpty)
    }

    @Test("a time out of range is told in the units of settings")
    func times() {
        var configuration = ProxyConfiguration()
        configuration.timeouts.head = .milliseconds(10)
        let fault = #expect(throws: ConfigurationFault.self) { try configuration.validate() }
        #expect(fault?.problems.map(\.message) == ["10ms is out of range; it takes 100ms to 7d"])
    }

    @Test("port 0 can never be reached by CONNECT")
    func connectPorts() {
        #expect(!ProxyConfiguration.ConnectPorts.all.contains(0))
        #expect(ProxyConfiguration.ConnectPorts.all.contains(1))
        #expect(ProxyConfiguration.ConnectPorts.only([443]).contains(443))
        #expect(!ProxyConfiguration.ConnectPorts.only([443]).contains(80))
    }
}
