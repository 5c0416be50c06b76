import Glibc
import Testing

@testable import ApusReactor

@Suite struct ClientSocketTests {
    @Test("a request goes out whole, and the answer comes until its end")
    func conversation() throws {
        let origin = try Origin()
        let socket = try ClientSocket.connect(.loopback(origin.port), timeout: 300_000)
        try socket.send(Array("hello".utf8))
        let server = origin.accept()
        #expect(server.readText(5) == "hello")
        #expect(try socket.receive(timeout: 0) == nil)
        server.write("answer")
        #expect(try socket.receive(timeout: 300_000) == Array("answer".utf8))
        server.finish()
        #expect(try socket.receive(timeout: 300_000) == [])
    }

    @Test("a reset and a port where nobody listens are told")
    func faults() throws {
        let origin = try Origin()
        let socket = try ClientSocket.connect(.loopback(origin.port), timeout: 300_000)
        origin.accept().reset()
        #expect(throws: SocketError.connectionReset) { _ = try socket.receive(timeout: 300_000) }
        let nobody = try Origin().port
        #expect(throws: SocketError.connectionRefused) {
            _ = try ClientSocket.connect(.loopback(nobody), timeout: 300_000)
        }
    }

    @Test("a socket in the file system is connected to by its path")
    func path() throws {
        let path = "/tmp/apus-client-\(getpid()).sock"
        unlink(path)
        defer { unlink(path) }
        #expect(throws: SocketError(code: ENOENT)) { _ = try ClientSocket.connect(path: path, timeout: 300_000) }
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 1) == 0)
        let client = try ClientSocket.connect(path: path, timeout: 300_000)
        let server = Peer(accept(listener, nil, nil))
        server.write("x")
        #expect(try client.receive(timeout: 300_000) == [0x78])
        #expect(throws: SocketError(code: EINVAL)) {
            _ = try ClientSocket.connect(path: String(repeating: "a", count: 200), timeout: 1)
        }
    }

    @Test("no connection never brings anything")
    func none() throws {
        let socket = ClientSocket()
        #expect(socket.number == -1)
        #expect(try socket.receive(timeout: 0) == nil)
    }
}
