import ApusTesting
import Glibc
import Logging
import Synchronization

/// A datagram socket that collects a log.
final class Collector: Sendable {
    private let socket: PlainSocket
    /// Its abstract name with an `@`, or its port of 127.0.0.1.
    let name: String

    private init(_ socket: PlainSocket, _ name: String) {
        self.socket = socket
        self.name = name
    }

    /// A local one with an abstract name of its own.
    static func local() throws -> Collector {
        let name = "@apus-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
        let made = try PlainSocket(adopting: Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: Array(name.utf8))
            path[0] = 0
        }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + name.utf8.count)
        try bind(made, &address, size)
        return Collector(made, name)
    }

    /// One of 127.0.0.1 by UDP.
    static func udp() throws -> Collector {
        let made = try PlainSocket(adopting: Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try bind(made, &address, socklen_t(MemoryLayout<sockaddr_in>.size))
        return Collector(made, "\(made.port)")
    }

    /// The next datagram.
    func next() throws -> String { String(decoding: try socket.read(), as: UTF8.self) }

    private static func bind<Address>(_ socket: PlainSocket, _ address: inout Address, _ size: socklen_t) throws {
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(socket.number, $0, size) }
        }
        guard code == 0 else { throw PeerFault.system(call: "bind", errno: errno) }
    }
}

/// A logger that keeps what it is told.
final class ToldWords: Sendable {
    private let all = Mutex<[String]>([])

    var words: [String] { all.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(told: self) } }

    private struct Handler: LogHandler {
        let told: ToldWords
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { told.all.withLock { $0.append("\(event.level): \(event.message)") } }
    }
}
