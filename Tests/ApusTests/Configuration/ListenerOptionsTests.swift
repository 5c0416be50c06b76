import Apus
import ApusWire
import Testing

@Suite("what is said of a listener") struct ListenerOptionsTests {
    private func configuration(_ change: (inout ListenerOptions) -> Void) -> ProxyConfiguration {
        var configuration = ProxyConfiguration()
        var options = ListenerOptions()
        change(&options)
        configuration.listenerOptions[.standard] = options
        return configuration
    }

    private func problems(_ configuration: ProxyConfiguration) -> [String] {
        do throws(ConfigurationFault) { try configuration.validate() } catch { return error.problems.map(\.message) }
        return []
    }

    @Test("a name is a word that can be no address", arguments: [("edge", true), ("a-1.b_c", true), ("1", false)])
    func names(_ name: String, isOne: Bool) {
        #expect(problems(configuration { $0.name = name }).isEmpty == isOne)
        for text in ["", "-a", "a:1", "10.0.0.1", "a b", "é", String(repeating: "a", count: 64)] {
            #expect(problems(configuration { $0.name = text }).count == 1, "\(text)")
        }
    }

    @Test("two listeners cannot have one name")
    func sameName() throws {
        var configuration = configuration { $0.name = "edge" }
        let other = try ListenAddress(parsing: "127.0.0.1:3129")
        configuration.listeners.append(other)
        configuration.listenerOptions[other] = configuration.listenerOptions[.standard]
        #expect(problems(configuration) == ["two listeners have the name edge"])
        configuration.listenerOptions[other]?.name = "inner"
        #expect(problems(configuration) == [])
    }

    @Test("options of what is no listener, and those that do not fit its address, are faults")
    func unfit() throws {
        #expect(problems(configuration { $0.protocols = [] }).count == 1)
        #expect(
            problems(configuration { $0.mode = 0o660 }).first?.contains("no UNIX socket, which mode is for") == true
        )
        #expect(problems(configuration { $0.owner = ["a"] }).first?.contains("which owner is for") == true)
        var stray = configuration { $0.name = "edge" }
        stray.listeners = [try ListenAddress(parsing: "127.0.0.1:3129")]
        #expect(problems(stray) == ["there are options of 127.0.0.1:3128, which is no listener"])
    }

    @Test("a listener where clients are announced is no loopback listener, and one that believes everybody warns")
    func announced() throws {
        var configuration = configuration { $0.proxyProtocol = [] }
        #expect(configuration.isLoopback(.standard) && configuration.warnings.isEmpty)
        configuration.listenerOptions[.standard]?.proxyProtocol = [try CIDR("127.0.0.1")]
        #expect(!configuration.isLoopback(.standard))
        #expect(configuration.warnings.map { $0.contains("nobody is served there") } == [true])
        configuration.allowFrom = ["10.0.0.0/8"]
        #expect(configuration.warnings.isEmpty)
        configuration.listenerOptions[.standard]?.proxyProtocol = [try CIDR("0.0.0.0/0")]
        #expect(configuration.warnings.map { $0.contains("may say which address he has") } == [true])
    }

    @Test("a listener is found by its name and by its address, with the port that the system chose too")
    func found() throws {
        var configuration = configuration { $0.name = "edge" }
        #expect(configuration.listener(named: "edge") == .standard)
        #expect(configuration.listener(named: "127.0.0.1:3128") == .standard)
        #expect(configuration.listener(named: "other") == nil)
        let any = try ListenAddress(parsing: "127.0.0.1:0")
        configuration.listeners = [any]
        configuration.listenerOptions = [:]
        #expect(configuration.isLoopback(recorded: "127.0.0.1:4711"))
        configuration.listenerOptions = [any: ListenerOptions()]
        configuration.listenerOptions[any]?.proxyProtocol = [try CIDR("127.0.0.1")]
        #expect(!configuration.isLoopback(recorded: "127.0.0.1:4711"))
        #expect(!configuration.isLoopback(recorded: "gone"))
    }
}
