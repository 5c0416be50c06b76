import CApusReactor
import Glibc
import Synchronization

@testable import ApusReactor

/// A folder of its own for a test, removed with its files at the end.
final class LogPlace: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/apus-log-XXXXXX".utf8CString)
        path =
            mkdtemp(&template) == nil
            ? "/nonexistent" : String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names { unlink(file(name)) }
        rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of its files, sorted.
    var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func text(_ name: String) -> String {
        guard case .bytes(let bytes) = FileContents.read(file(name), upTo: 1 << 26) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Gathers what a writer could not do, and lets a test wait for it.
final class Troubles: Sendable {
    private let all = Mutex<[LogTrouble]>([])
    private let bell: (reader: Int32, writer: Int32)

    init() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        bell = (ends[0], ends[1])
    }

    deinit {
        close(bell.reader)
        close(bell.writer)
    }

    var told: [LogTrouble] { all.withLock { $0 } }

    func add(_ trouble: LogTrouble) {
        all.withLock { $0.append(trouble) }
        write(bell.writer, "x", 1)
    }

    /// The next one that came; nil when none comes.
    func next() -> LogTrouble? {
        var entry = pollfd(fd: bell.reader, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        guard poll(&entry, 1, 300_000) > 0, read(bell.reader, &byte, 1) == 1 else { return nil }
        return all.withLock { $0.last }
    }
}

/// A local datagram socket that listens at a path.
final class Collector: Sendable {
    let number: Int32
    let path: String
    /// A socket that is connected to it, and sends nothing.
    private let probe: Int32

    init(_ path: String) {
        self.path = path
        let made = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(made, $0, size) }
        }
        if code != 0 { perror("bind") }
        number = made
        let name = Array(path.utf8CString)
        probe = apus_connect_local(name, path.utf8.count)
    }

    deinit {
        close(number)
        close(probe)
        unlink(path)
    }

    /// Whether its queue takes one more datagram.
    var hasRoom: Bool {
        var entry = pollfd(fd: probe, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) > 0
    }

    /// The next datagram; nil when none comes.
    func next(within milliseconds: Int32 = 10_000) -> String? { received(number, within: milliseconds) }
}

/// The next datagram of a socket.
func received(_ number: Int32, within milliseconds: Int32 = 10_000) -> String? {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, milliseconds) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
}

/// A UDP socket of 127.0.0.1 on a free port, or one that was free before.
func udpSocket(port: UInt16 = 0) -> (number: Int32, address: SocketAddress) {
    let number = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            if bind(number, $0, size) != 0 { perror("bind") }
            getsockname(number, $0, &size)
        }
    }
    return (number, SocketAddress(v4: 0x7F00_0001, port: UInt16(bigEndian: address.sin_port)))
}

extension BatchWriter {
    /// Gathers one line.
    func line(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        append(bytes, count: bytes.count, lines: 1)
    }

    /// Polls until so many lines have been dropped.
    func waitForDrops(_ count: UInt64) -> Bool {
        let end = SystemInfo.monotonicMicroseconds() + 300_000_000
        while dropped < count, SystemInfo.monotonicMicroseconds() < end { sched_yield() }
        return dropped >= count
    }
}
