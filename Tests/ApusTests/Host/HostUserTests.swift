import Glibc
import Testing

@testable import Apus

@Suite("The user that a process becomes")
struct HostUserTests {
    private func refusal(_ name: String) -> String {
        do { _ = try HostUser(name) } catch { return error.description }
        return ""
    }

    @Test("nobody who is not there, and not root itself") func refused() {
        #expect(refusal("nobody-of-this-name").hasPrefix("there is no user nobody-of-this-name on this machine"))
        #expect(refusal("root").contains("root itself"))
        #expect(refusal("nobody") == "")
    }

    @Test(
        "what another user could do is found out, and this process stays what it is",
        .enabled(if: geteuid() == 0, "only root may take another user's rights")
    )
    func runs() throws {
        let folder = try ScratchDirectory()
        let path = folder.file("access.log")
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        #expect(file >= 0)
        close(file)
        let nobody = try HostUser("nobody")
        #expect(!nobody.isCurrent)
        #expect(nobody.run { HostFile.whyNotRead(path) } == "Permission denied")
        #expect(nobody.run { HostFile.whyNotAppended(path) } == "Permission denied")
        #expect(nobody.run { HostFile.whyNotMade(folder.file("access.log.1")) } == "Permission denied")
        #expect(nobody.run { getegid() != 0 && getgroups(0, nil) <= 1 } == true)
        #expect(HostFile.whyNotRead(path) == nil && geteuid() == 0 && getegid() == 0)
    }
}
