import ApusTesting
import Glibc
import Synchronization

/// A socket with an address of the test's choice: 127.0.0.2, ::1, one that is bound and does not listen.
final class PlainSocket: Sendable {
    let number: Int32

    init(adopting number: Int32) throws {
        guard number >= 0 else { throw PeerFault.system(call: "socket", errno: errno) }
        self.number = number
    }

    deinit { Glibc.close(number) }

    static func pair() throws -> (PlainSocket, PlainSocket) {
        var numbers: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &numbers) == 0 else {
            throw PeerFault.system(call: "socketpair", errno: errno)
        }
        return (try PlainSocket(adopting: numbers[0]), try PlainSocket(adopting: numbers[1]))
    }

    /// Binds, and listens when there is a backlog.
    static func bound(to host: String, port: UInt16 = 0, backlog: Int32? = nil) throws -> PlainSocket {
        let made = try PlainSocket(adopting: socket(family(host), Int32(SOCK_STREAM.rawValue), 0))
        var yes: Int32 = 1
        setsockopt(made.number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress(host, port, { bind(made.number, $0, $1) }) == 0 else {
            throw PeerFault.system(call: "bind", errno: errno)
        }
        if let backlog, listen(made.number, backlog) != 0 { throw PeerFault.system(call: "listen", errno: errno) }
        return made
    }

    /// Connects; with `waits` false the handshake may go on behind it.
    ///
    /// - Parameter source: the own address, where it matters.
    static func connected(
        to host: String,
        port: UInt16,
        from source: String? = nil,
        waits: Bool = true
    ) throws -> PlainSocket {
        let type = Int32(SOCK_STREAM.rawValue) | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        let made = try PlainSocket(adopting: socket(family(host), type, 0))
        if let source, withAddress(source, 0, { bind(made.number, $0, $1) }) != 0 {
            throw PeerFault.system(call: "bind", errno: errno)
        }
        let code = withAddress(host, port) { Glibc.connect(made.number, $0, $1) }
        guard code == 0 || (!waits && errno == EINPROGRESS) else {
            throw PeerFault.system(call: "connect", errno: errno)
        }
        return made
    }

    /// The own port.
    var port: UInt16 {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &size) }
        }
        // It stands at the same place in both families.
        return code == 0 ? UInt16(bigEndian: address.sin6_port) : 0
    }

    func accept() throws -> PlainSocket {
        guard isReadable(within: 300_000) else { throw PeerFault.timedOut }
        return try PlainSocket(adopting: Glibc.accept(number, nil, nil))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                Glibc.send(number, all.baseAddress?.advanced(by: sent), all.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw PeerFault.system(call: "send", errno: errno) }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// What one read brings; empty at the end.
    func read() throws -> [UInt8] {
        guard isReadable(within: 300_000) else { throw PeerFault.timedOut }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(number, &bytes, bytes.count, 0)
        guard count >= 0 else { throw PeerFault.system(call: "recv", errno: errno) }
        return Array(bytes[..<count])
    }

    /// Reads until these words have come; answers all that came.
    func read(until words: String) throws -> String {
        var all = ""
        while !all.contains(words) {
            let more = try read()
            if more.isEmpty { throw PeerFault.closed }
            all += String(decoding: more, as: UTF8.self)
        }
        return all
    }

    func isReadable(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }

    private static func family(_ host: String) -> Int32 { host.contains(":") ? AF_INET6 : AF_INET }

    private static func withAddress(
        _ host: String,
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        if host.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &address.sin6_addr)
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// What stands in a file; empty when there is none.
func contents(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}

/// A directory of its own for a test, removed with its files at the end.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/apus-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw PeerFault.system(call: "mkdtemp", errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["access.log", "access.log.1"] { unlink(file(name)) }
        rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}
