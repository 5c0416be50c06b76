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

    /// The next message, which is there already; empty when there is none.
    private func received(_ socket: PlainSocket) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket.number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return String(decoding: bytes[0..<max(0, count)], as: UTF8.self)
    }

    @Test("each state is one datagram in the protocol's words, with a status in plain ones") func states() throws {
        let (socket, name) = try manager()
        let manager = ServiceManager(["NOTIFY_SOCKET": name])
        #expect(manager.isThere && manager.watchdog == nil)
        manager.tell(.ready)
        #expect(received(socket).hasPrefix("READY=1\nSTATUS=Serving 0 clients, 0 tunnels; settings since 2"))
        manager.tell(.reloading)
        #expect(received(socket).hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
        manager.tell(.kept("line 3:\nno such list"))
        let kept = received(socket)
        #expect(kept.hasPrefix("READY=1\nSTATUS=Serving "))
        #expect(kept.hasSuffix(" failed and changed nothing: line 3: no such list\n"))
        manager.tell(.stopping(within: .seconds(30)))
        #expect(received(socket).hasPrefix("STOPPING=1\nEXTEND_TIMEOUT_USEC=40000000\nSTATUS=Draining until "))
        manager.tell(.ready)
        #expect(received(socket) == "", "a reload that ends while it drains does not bring it back")
        manager.tell(.ending)
        #expect(received(socket).hasPrefix("STOPPING=1\nSTATUS=Ending"))
    }

    @Test("figures are told when they have changed, and not before it serves") func figures() throws {
        let (socket, name) = try manager()
        let manager = ServiceManager(["NOTIFY_SOCKET": name])
        manager.show(clients: 1, tunnels: 0, standing: [])
        #expect(received(socket) == "")
        manager.tell(.ready)
        #expect(received(socket).hasPrefix("READY=1\nSTATUS=Serving 1 client, 0 tunnels"))
        manager.show(clients: 1, tunnels: 0, standing: [])
        #expect(received(socket) == "")
        manager.show(clients: 2, tunnels: 1, standing: [1])
        #expect(received(socket).hasPrefix("STATUS=Serving 2 clients, 1 tunnel; a thread stands still: apus-1; "))
    }

    @Test("a message that is not taken is kept, and all come in their order") func full() throws {
        let (socket, name) = try manager()
        let manager = ServiceManager(["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000000"])
        manager.tell(.ready)
        // The kernel lets so many wait (net.unix.max_dgram_qlen), and so many more are kept here.
        for _ in 0..<30 { manager.tell(.reloading) }
        manager.tell(.kept("x"))
        var states: [String] = []
        while case let message = received(socket), !message.isEmpty {
            states.append(message)
            manager.show(clients: 0, tunnels: 0, standing: [])
        }
        #expect(states.count == 32 && states.first?.hasPrefix("READY=1") == true)
        #expect(states.dropFirst().dropLast().allSatisfy { $0.hasPrefix("RELOADING=1") })
        #expect(states.last?.hasPrefix("READY=1") == true)
        manager.kick()
        #expect(received(socket) == "WATCHDOG=1\n")
    }

    @Test("the watchdog is for the process that is named, and for a number above 0") func watchdog() {
        func limit(_ more: [String: String]) -> Duration? {
            ServiceManager(more.merging(["NOTIFY_SOCKET": "@nobody"]) { one, _ in one }, process: 7).watchdog
        }
        #expect(limit(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
        #expect(limit(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"]) == .seconds(30))
        #expect(limit(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"]) == nil)
        #expect(limit(["WATCHDOG_USEC": "0"]) == nil && limit(["WATCHDOG_USEC": "soon"]) == nil && limit([:]) == nil)
        #expect(ServiceManager(["WATCHDOG_USEC": "30000000"]).watchdog == nil)
    }

    @Test("without a manager, or with one that is gone, nothing happens")
    func nobody() {
        for path in ["", "relative", "@", "/nonexistent/socket", "/" + String(repeating: "x", count: 200)] {
            let manager = ServiceManager(["NOTIFY_SOCKET": path])
            manager.tell(.ready)
            manager.kick()
        }
        ServiceManager([:]).tell(.ready)
    }

    @Test("one that has begun anew is found again") func anew() throws {
        let folder = try ScratchDirectory()
        let path = folder.file("access.log")
        func begin() throws -> PlainSocket {
            unlink(path)
            let made = try PlainSocket(adopting: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let code = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(made.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(code == 0)
            return made
        }
        var listener = try begin()
        let manager = ServiceManager(["NOTIFY_SOCKET": path])
        manager.tell(.ready)
        #expect(received(listener).hasPrefix("READY=1"))
        listener = try begin()
        manager.tell(.reloading)
        #expect(received(listener).hasPrefix("RELOADING=1"))
    }
}
