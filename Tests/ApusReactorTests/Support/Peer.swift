import Glibc

@testable import ApusReactor

/// The other end of a socket: plain blocking calls with a time-out that only a fault meets.
final class Peer: Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
        var limit = timeval(tv_sec: 300, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    /// Connects to a port of 127.0.0.1, with a small receive buffer where `window` says so.
    convenience init(port: UInt16, window: Int32? = nil) {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var window { setsockopt(number, SOL_SOCKET, SO_RCVBUF, &window, 4) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 { perror("connect") }
        self.init(number)
    }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes as much as the kernel takes at once.
    func fill(_ limit: Int) -> Int {
        let bytes = [UInt8](repeating: 0x2E, count: 65536)
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        var total = 0
        while total < limit {
            let count = send(number, bytes, min(bytes.count, limit - total), flags)
            if count <= 0 { break }
            total += count
        }
        return total
    }

    /// What one read brings: nil on an error, empty at the end.
    func readSome(_ count: Int = 65536) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = recv(number, &bytes, count, 0)
        return got < 0 ? nil : Array(bytes[..<got])
    }

    /// Exactly so many bytes, or fewer at the end or on an error.
    func read(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let more = readSome(min(count - bytes.count, 65536)), !more.isEmpty { bytes += more }
        return bytes
    }

    func readText(_ count: Int) -> String { String(decoding: read(count), as: UTF8.self) }

    /// What is there, without waiting.
    func drainNow() -> Int {
        var bytes = [UInt8](repeating: 0, count: 65536)
        var total = 0
        while true {
            let got = recv(number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if got <= 0 { return total }
            total += got
        }
    }

    /// The errno of a read that must fail; 0 when it does not.
    func readError() -> Int32 {
        var byte: UInt8 = 0
        return recv(number, &byte, 1, 0) < 0 ? errno : 0
    }

    func finish() { Glibc.shutdown(number, Int32(SHUT_WR)) }

    func urgent(_ byte: UInt8) {
        var byte = byte
        send(number, &byte, 1, Int32(MSG_OOB))
    }

    private let closed = Flag()

    func close() {
        if closed.raise() { Glibc.close(number) }
    }

    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }
}

/// An own listener for outgoing connections.
final class Origin {
    let listener: Listener
    let port: UInt16

    init(backlog: Int32 = 16) throws {
        listener = try Listener.bind(.loopback(0), reusePort: false, backlog: backlog)
        port = listener.boundAddress?.port ?? 0
        let number = listener.number
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) & ~O_NONBLOCK)
    }

    func accept() -> Peer { Peer(Glibc.accept(listener.number, nil, nil)) }
}

extension SocketAddress {
    static func loopback(_ port: UInt16) -> SocketAddress { SocketAddress(v4: 0x7F00_0001, port: port) }
}

/// The descriptors this process has open. Other tests run beside this one, so a count of all says nothing.
private func openDescriptors() -> [Int32] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var numbers: [Int32] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)
        }
        if let number = Int32(String(cString: name)), number != dirfd(folder) { numbers.append(number) }
    }
    return numbers
}

/// How many sockets are bound to a local port: a listener and those it accepted.
func socketsBound(to port: UInt16) -> Int {
    openDescriptors().count { Listener.port(of: $0) == port }
}

/// What tells an open file from others, whatever its number.
func identity(_ number: Int32) -> UInt64 {
    var status = stat()
    return fstat(number, &status) == 0 ? UInt64(status.st_ino) : 0
}

/// How many descriptors are open on a file.
func openings(of identity: UInt64) -> Int {
    openDescriptors().count { ApusReactorTests.identity($0) == identity }
}

/// Bytes that do not repeat soon.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        for index in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            buffer[index] = UInt8(truncatingIfNeeded: state >> 56)
        }
        filled = count
    }
}
