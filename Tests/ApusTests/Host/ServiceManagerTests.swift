import Glibc
import Testing

@testable import Apus

@Suite("The service manager")
struct ServiceManagerTests {
    /// A datagram socket with an abstract name of its own.
    private func manager() throws -> (PlainSocket, String) {
        let name = "@apus-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let made = try PlainSocket(adopting: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: Array(name.utf8))
            path[0] = 0
        }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(made.number, $0, size) }
        }
        #expect(code == 0)
        return (made, name)
    }

    private func received(_ socket: PlainSocket) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = recv(socket.number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return String(decoding: bytes[0..<max(0, count)], as: UTF8.self)
    }

    @Test("each state is one datagram in the protocol's words") func states() throws {
        let (socket, name) = try manager()
        let notifier = ServiceManager(["NOTIFY_SOCKET": name])
        notifier.tell(.ready)
        #expect(received(socket).hasPrefix("READY=1\n"))
        notifier.tell(.reloading)
        #expect(received(socket).hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
        notifier.tell(.kept("line 3:\nno such list"))
        #expect(received(socket) == "READY=1\nSTATUS=Reload failed, the old settings stay: line 3: no such list\n")
        notifier.tell(.stopping)
        #expect(received(socket).hasPrefix("STOPPING=1\n"))
    }

    @Test("without a manager, or with one that is gone, nothing happens")
    func nobody() {
        ServiceManager([:]).tell(.ready)
        ServiceManager(["NOTIFY_SOCKET": "relative"]).tell(.ready)
        ServiceManager(["NOTIFY_SOCKET": "/nonexistent/socket"]).tell(.ready)
        ServiceManager(["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 200)]).tell(.ready)
    }
}
