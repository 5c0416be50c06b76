internal import Glibc
internal import Synchronization

/// A TCP socket with plain blocking calls, each with a deadline; closed at the latest when nobody holds it any more.
///
/// One thread reads and writes; another may only ``wake()`` it.
final class BlockingSocket: Sendable {
    /// -1 once closed.
    private let number: Mutex<Int32>
    private let milliseconds: Int32

    init(adopting number: Int32, deadline: Duration) {
        self.number = Mutex(number)
        let (seconds, attoseconds) = deadline.components
        milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    deinit { close() }

    /// Connects to a port of 127.0.0.1.
    ///
    /// - Parameter window: the receive buffer's size in bytes, to be a client that takes little.
    static func connect(port: UInt16, window: Int?, deadline: Duration) throws(PeerFault) -> BlockingSocket {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard number >= 0 else { throw .system(call: "socket", errno: errno) }
        let made = BlockingSocket(adopting: number, deadline: deadline)
        if let window { set(number, SOL_SOCKET, SO_RCVBUF, Int32(clamping: window)) }
        set(number, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        let code = unsafe withLoopback(port) { unsafe Glibc.connect(number, $0, $1) }
        guard code == 0 else { throw .system(call: "connect", errno: errno) }
        return made
    }

    /// Listens on a free port of 127.0.0.1.
    static func listen(backlog: Int32) throws(PeerFault) -> BlockingSocket {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard number >= 0 else { throw .system(call: "socket", errno: errno) }
        let made = BlockingSocket(adopting: number, deadline: .zero)
        guard unsafe withLoopback(0, { unsafe bind(number, $0, $1) }) == 0 else {
            throw .system(call: "bind", errno: errno)
        }
        guard Glibc.listen(number, backlog) == 0 else { throw .system(call: "listen", errno: errno) }
        return made
    }

    /// The next connection; nil once the listener was woken.
    func accept(deadline: Duration) -> BlockingSocket? {
        let next = Glibc.accept(number.withLock { $0 }, nil, nil)
        guard next >= 0 else { return nil }
        BlockingSocket.set(next, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return BlockingSocket(adopting: next, deadline: deadline)
    }

    /// The own port; 0 when closed.
    var localPort: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = number.withLock { $0 }
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(number, $0, &size)
            }
        }
        return code == 0 ? UInt16(bigEndian: address.sin_port) : 0
    }

    /// Sends all of it.
    func send(_ bytes: [UInt8]) throws(PeerFault) {
        let number = number.withLock { $0 }
        var sent = 0
        while sent < bytes.count {
            let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe Glibc.send(number, all.baseAddress?.advanced(by: sent), all.count - sent, flags)
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(number, POLLOUT, milliseconds)
            } else if errno != EINTR {
                throw PeerFault(call: "send", errno)
            }
        }
    }

    /// What the kernel takes at once, at most so many bytes; for a peer that does not read.
    func sendNow(_ bytes: [UInt8]) -> Int {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        let number = number.withLock { $0 }
        return max(0, unsafe Glibc.send(number, bytes, bytes.count, flags))
    }

    /// What one read brings; empty at the end.
    ///
    /// - Parameter within: nil takes the socket's deadline.
    func receive(_ count: Int, within limit: Int32? = nil) throws(PeerFault) -> [UInt8] {
        let number = number.withLock { $0 }
        guard number >= 0 else { throw .closed }
        while true {
            try wait(number, POLLIN, limit ?? milliseconds)
            var bytes = [UInt8](repeating: 0, count: count)
            let got = unsafe recv(number, &bytes, count, Int32(MSG_DONTWAIT))
            if got >= 0 { return Array(bytes[..<got]) }
            guard errno == EINTR || errno == EAGAIN else { throw PeerFault(call: "recv", errno) }
        }
    }

    /// Sends FIN.
    func finish() { _ = Glibc.shutdown(number.withLock { $0 }, Int32(SHUT_WR)) }

    /// Ends the calls of another thread that block on it.
    func wake() { _ = Glibc.shutdown(number.withLock { $0 }, Int32(SHUT_RDWR)) }

    /// Closes; a reset when something unread has come, as ever.
    func close() {
        let old = number.withLock { number in
            defer { number = -1 }
            return number
        }
        if old >= 0 { _ = Glibc.close(old) }
    }

    /// Closes by RST.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let number = number.withLock { $0 }
        unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    private func wait(_ number: Int32, _ event: Int32, _ milliseconds: Int32) throws(PeerFault) {
        var entry = pollfd(fd: number, events: Int16(event), revents: 0)
        while true {
            let code = unsafe poll(&entry, 1, milliseconds)
            if code > 0 { return }
            if code == 0 { throw .timedOut }
            if errno != EINTR { throw .system(call: "poll", errno: errno) }
        }
    }

    private static func set(_ number: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func withLoopback(
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

extension PeerFault {
    init(call: String, _ number: Int32) {
        self = number == ECONNRESET || number == EPIPE ? .reset : .system(call: call, errno: number)
    }
}
