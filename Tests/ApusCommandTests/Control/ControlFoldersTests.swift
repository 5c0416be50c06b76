import Apus
import Testing

@testable import ApusCommand

@Suite("Where control sockets are")
struct ControlFoldersTests {
    private func folders(
        _ environment: [String: String],
        _ states: [String: HostFolder.State] = [:]
    ) -> ControlFolders {
        ControlFolders(environment) { states[$0] ?? .missing }
    }

    @Test("systemd's folder comes first, then /run/apus, then the user's own") func order() {
        let all = folders(["RUNTIME_DIRECTORY": "/run/proxy:/run/other", "XDG_RUNTIME_DIR": "/run/user/7/"]).all
        #expect(all.map(\.path) == ["/run/proxy", "/run/apus", "/run/user/7/apus"])
        #expect(folders(["RUNTIME_DIRECTORY": "/run/apus"]).all.map(\.path) == ["/run/apus"])
        #expect(folders(["XDG_RUNTIME_DIR": "relative", "RUNTIME_DIRECTORY": ""]).all.map(\.path) == ["/run/apus"])
    }

    @Test("a server takes the first folder that is its user's") func place() {
        let environment = ["XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(folders(environment, ["/run/apus": .own]).place()?.path == "/run/apus")
        let user = folders(environment, ["/run/apus": .foreign(user: 998), "/run/user/7/apus": .own]).place()
        #expect(user?.path == "/run/user/7/apus")
        #expect(user?.isToBeMade == false)
        let made = folders(environment, ["/run/user/7": .own]).place()
        #expect(made?.path == "/run/user/7/apus")
        #expect(made?.isToBeMade == true)
    }

    @Test("what others may write to, and what nobody has made, is no place") func none() {
        #expect(folders([:]).place() == nil)
        #expect(folders(["XDG_RUNTIME_DIR": "/run/user/7"]).place() == nil)
        #expect(folders(["XDG_RUNTIME_DIR": "/tmp"], ["/tmp": .unusable("others may write to it")]).place() == nil)
        #expect(folders(["XDG_RUNTIME_DIR": "/x"], ["/x/apus": .unusable("no")]).place() == nil)
        let long = "/" + String(repeating: "x", count: 90)
        #expect(folders(["XDG_RUNTIME_DIR": long], [long + "/apus": .own]).place() == nil)
    }

    @Test("commands look in all of them, for names that servers give") func sockets() {
        let names = [
            "/run/apus": ["admin.sock", "control.sock", "control-12.sock", "control-x.sock", "control.sock.old"],
            "/run/user/7/apus": ["control.sock"],
        ]
        let found = folders(["XDG_RUNTIME_DIR": "/run/user/7"]).sockets { names[$0] ?? [] }
        #expect(found == ["/run/apus/control.sock", "/run/apus/control-12.sock", "/run/user/7/apus/control.sock"])
        #expect(ControlFolders.name(process: 12) == "control-12.sock")
    }
}
