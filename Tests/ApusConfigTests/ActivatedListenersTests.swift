import Testing

@testable import Apus
@testable import ApusConfig

@Suite("Sockets that are handed over, beside the settings")
struct ActivatedListenersTests {
    private func socket(_ role: SocketActivation.Role, _ place: String, isOpenToAll: Bool = false) throws
        -> SocketActivation.Socket
    {
        SocketActivation.Socket(role, try AdminAddress(parsing: place), descriptor: 3, isOpenToAll: isOpenToAll)
    }

    private func parse(_ arguments: [String], _ sockets: [SocketActivation.Socket], file: String? = nil) throws
        -> ParsedSettings
    {
        try SettingsParser.parse(
            arguments: arguments + (file == nil ? [] : ["--config", "f"]),
            environment: [:],
            files: file.map { .memory(["f": $0, "t": "secret\n"]) } ?? .none,
            activation: SocketActivation(sockets)
        )
    }

    @Test("they stand in place of default listeners, and are said to come from the service manager") func defaults()
        throws
    {
        let sockets = [
            try socket(.proxy, "127.0.0.1:80"), try socket(.proxy, "[::1]:80"), try socket(.admin, "/run/a"),
        ]
        let settings = try parse([], sockets)
        #expect(settings.configuration.listeners.map(\.description) == ["127.0.0.1:80", "[::1]:80"])
        #expect(settings.configuration.admin.listen == .socket(path: "/run/a"))
        #expect(settings.sources["listen"] == .serviceManager && settings.sources["admin.listen"] == .serviceManager)
        #expect(try parse([], []).configuration.listeners == [.standard])
        #expect(try parse([], [socket(.admin, "/run/a")]).configuration.listeners == [.standard])
    }

    @Test("they fit listeners that are named, however an address is written") func named() throws {
        let listen = ["--listen", "[0:0::1]:80"]
        let settings = try parse(listen, [socket(.proxy, "[::1]:80")])
        #expect(settings.configuration.listeners.map(\.description) == ["[0:0::1]:80"])
    }

    @Test("a listener for which nothing came is a fault at its place, and so is a socket that nobody names")
    func doNotFit() throws {
        let sockets = [try socket(.proxy, "127.0.0.1:80")]
        let file = "rules: none\nlisten: [127.0.0.1:80, 127.0.0.1:81]\n"
        do {
            _ = try parse([], sockets, file: file)
            Issue.record("nothing came for 127.0.0.1:81")
        } catch let fault as SettingFault {
            #expect(fault.isOfFile)
            #expect(
                fault.description.hasPrefix("f:2:9: listen: the service manager hands over no socket for 127.0.0.1:81")
            )
        }
        do {
            _ = try parse(["--listen", "127.0.0.1:81"], sockets)
            Issue.record("nobody named 127.0.0.1:80")
        } catch let fault as SettingFault {
            let lines = fault.description.split(separator: "\n")
            #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("--listen: ") })
            #expect(lines.last?.contains("a socket for 127.0.0.1:80, which is not named here") == true)
        }
    }

    @Test("the admin listener's has to be wanted, named once, and not open to all without a token") func admin() throws
    {
        func fault(_ arguments: [String], _ socket: SocketActivation.Socket) -> String {
            do { _ = try parse(arguments, [socket]) } catch { return "\(error)" }
            return ""
        }
        #expect(fault(["--no-admin"], try socket(.admin, "/run/a")).contains("which is off"))
        #expect(fault(["--admin-listen", "/run/b"], try socket(.admin, "/run/a")).contains("/run/a"))
        #expect(fault([], try socket(.admin, "/run/a", isOpenToAll: true)).contains("SocketMode=0660"))
        #expect(fault([], try socket(.admin, "0.0.0.0:9")).contains("token"))
        #expect(fault([], try socket(.admin, "/run/a")) == "")
        let file = "rules: none\nadmin: { token-file: t }\n"
        #expect(throws: Never.self) { try parse([], [socket(.admin, "/run/a", isOpenToAll: true)], file: file) }
    }

    @Test("the commands' has to be wanted, and named once") func control() throws {
        func fault(_ arguments: [String]) -> String {
            do { _ = try parse(arguments, [socket(.control, "/run/a")]) } catch { return "\(error)" }
            return ""
        }
        #expect(fault(["--control", "none"]).contains("--control: the service manager hands over a socket for the"))
        #expect(fault(["--control", "/run/b"]).contains("/run/a for the commands, and not /run/b"))
        #expect(fault(["--control", "/run/a"]) == "")
        #expect(fault([]) == "")
    }

    @Test("a reload goes by what was handed over at the start") func reload() throws {
        let files = FileAccess.memory(["f": "rules: none\n"])
        let start = try SettingsParser.parse(
            arguments: ["--config", "f"],
            environment: [:],
            files: files,
            activation: SocketActivation([socket(.proxy, "127.0.0.1:80")])
        )
        let again = try SettingsFile.reload(arguments: ["--config", "f"], environment: [:], files: files, after: start)
        #expect(again.settings.configuration.listeners == start.configuration.listeners && again.waiting == [])
    }
}
