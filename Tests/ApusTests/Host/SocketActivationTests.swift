import ApusTesting
import Glibc
import Logging
import Testing

@testable import Apus

@Suite("Sockets that a service manager hands over", .timeLimit(.minutes(5)))
struct SocketActivationTests {
    /// A socket in the file system.
    private static func listening(on path: String, mode: mode_t) throws -> PlainSocket {
        let made = try PlainSocket(adopting: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made.number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0, chmod(path, mode) == 0, listen(made.number, 5) == 0 else {
            throw PeerFault.system(call: "bind", errno: errno)
        }
        return made
    }

    /// What is wrong with these.
    private func problems(_ handed: [(Int32, String)]) -> [String] {
        do { _ = try SocketActivation(handed: handed.map { (descriptor: $0.0, name: $0.1) }) } catch {
            return error.problems
        }
        return []
    }

    @Test("each has its name, its address and a descriptor that no child inherits") func taken() throws {
        let folder = try ScratchDirectory()
        let (adminPath, controlPath) = (folder.file("access.log"), folder.file("access.log.1"))
        let v4 = try PlainSocket.bound(to: "127.0.0.1", backlog: 5)
        let v6 = try PlainSocket.bound(to: "::1", backlog: 5)
        let open = try Self.listening(on: adminPath, mode: 0o666)
        let own = try Self.listening(on: controlPath, mode: 0o600)
        let activation = try SocketActivation(handed: [
            (v4.number, "proxy"), (v6.number, "proxy"), (open.number, "admin"), (own.number, "control"),
        ])
        #expect(activation.clients.map(\.address.description) == ["127.0.0.1:\(v4.port)", "[::1]:\(v6.port)"])
        #expect(activation.admin?.address == .socket(path: adminPath))
        #expect(activation.admin?.isOpenToAll == true && activation.control?.isOpenToAll == false)
        #expect(activation.control?.descriptor == own.number)
        for socket in activation.sockets {
            #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
            #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        }
    }

    @Test("sockets of another process are left alone, and told of") func others() throws {
        let listener = try PlainSocket.bound(to: "127.0.0.1", backlog: 5)
        let before = fcntl(listener.number, F_GETFD)
        let environment = ["LISTEN_PID": "1", "LISTEN_FDS": "1"]
        let activation = try SocketActivation(environment, process: 2)
        #expect(activation.sockets == [] && activation.notices.count == 1)
        #expect(fcntl(listener.number, F_GETFD) == before)
        #expect(try SocketActivation([:]).notices == [])
    }

    @Test("what is none of ours is a fault that says why") func misfits() throws {
        let bound = try PlainSocket.bound(to: "127.0.0.1")
        let listening = try PlainSocket.bound(to: "127.0.0.1", backlog: 5)
        let datagrams = try PlainSocket(adopting: socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        let (pair, other) = try PlainSocket.pair()
        defer { _ = other }
        let both = try PlainSocket.bound(to: "::", backlog: 5)
        let file = try PlainSocket(adopting: open("/dev/null", O_RDONLY))
        #expect(problems([(bound.number, "proxy")]).first?.contains("does not listen") == true)
        #expect(problems([(datagrams.number, "proxy")]).first?.contains("no socket of TCP") == true)
        #expect(problems([(pair.number, "control")]).first?.contains("does not listen") == true)
        #expect(problems([(both.number, "proxy")]).first?.contains("BindIPv6Only=ipv6-only") == true)
        #expect(problems([(file.number, "proxy")]).first?.contains("is no socket") == true)
        #expect(problems([(100_000, "proxy")]).first?.contains("is not open") == true)
        #expect(problems([(listening.number, "apus.socket")]).first?.contains("FileDescriptorName=") == true)
        #expect(problems([(listening.number, "control")]).first?.contains("handed over as control") == true)
        #expect(problems([(bound.number, "proxy"), (listening.number, "x")]).count == 2, "all at once")
    }

    @Test("two of one name, or of one address, are a fault") func twice() throws {
        let (first, second) = (
            try PlainSocket.bound(to: "127.0.0.1", backlog: 5), try PlainSocket.bound(to: "127.0.0.1", backlog: 5)
        )
        #expect(problems([(first.number, "proxy"), (second.number, "proxy")]) == [])
        #expect(problems([(first.number, "admin"), (second.number, "admin")]).count == 1)
        let copy = try PlainSocket(adopting: dup(first.number))
        #expect(problems([(first.number, "proxy"), (copy.number, "proxy")]).count == 1)
    }

    @Test("all threads serve clients of one socket, and it lives on when they have ended", arguments: [1, 3])
    func serves(threads: Int) async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let listener = try PlainSocket.bound(to: "127.0.0.1", backlog: 64)
        var configuration = try TestProxy.configuration()
        configuration.threads = threads
        configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:\(listener.port)")]
        let activation = try SocketActivation(handed: [(dup(listener.number), "proxy")])
        let server = ProxyServer(
            configuration: configuration,
            logger: Logger(label: "apus-test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        server.adopt(activation.clients)
        let run = Task { try await server.run() }
        #expect(try await server.addresses == configuration.listeners)
        try await onOwnThread {
            let clients = try (0..<20).map { _ in try RawClient(port: listener.port) }
            for client in clients {
                #expect(try client.exchange(head("GET", origin.url(), "Connection: close")).status == 200)
            }
        }
        server.drain()
        try await run.value
        // Who connects now waits for the next one to be started.
        _ = try PlainSocket.connected(to: "127.0.0.1", port: listener.port)
        #expect(listener.isReadable(within: 300_000))
    }
}
