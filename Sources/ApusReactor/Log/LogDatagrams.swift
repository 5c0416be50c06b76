internal import CApusReactor
internal import Glibc

/// A socket to which each entry goes as one datagram.
///
/// While nobody is there, lines are dropped without a call, but for one try an interval: it comes back by itself. One that is
/// there and slow is waited for.
final class LogDatagrams: LogSink {
    private let socket: LogSocket
    private let entries: LogEntries
    private let retry: UInt64
    private var descriptor: Int32 = -1
    private var triesAt: UInt64 = 0
    /// Why it is away.
    private var error = SocketError(code: ENOTCONN)
    private var datagram: [UInt8] = []

    init(to socket: LogSocket, entries: LogEntries, _ timing: LogTiming) {
        self.socket = socket
        self.entries = entries
        retry = timing.retry
    }

    deinit { disconnect() }

    func reopen() {
        disconnect()
        triesAt = 0
    }

    func write(_ bytes: [UInt8], _ run: borrowing LogRun) {
        var start = 0
        while let (entry, next) = entry(in: bytes, from: start) {
            start = next
            datagram.removeAll(keepingCapacity: true)
            switch entries {
            case .lines(let frame): frame(bytes.span.extracting(entry), SystemInfo.unixMicroseconds(), &datagram)
            case .counted: datagram += bytes[entry]
            }
            deliver(run)
        }
    }

    /// The next entry and the place behind it; nil at the end.
    private func entry(in bytes: [UInt8], from start: Int) -> (Range<Int>, Int)? {
        guard start < bytes.count else { return nil }
        switch entries {
        case .lines:
            let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
            return (start..<end, end + 1)
        case .counted:
            guard bytes.count - start >= 4 else { return nil }
            let count = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
            guard count <= bytes.count - start - 4 else { return nil }
            return (start + 4..<start + 4 + count, start + 4 + count)
        }
    }

    private func deliver(_ run: borrowing LogRun) {
        // A socket whose owner has come back under the same name must be connected anew, which is worth one more try.
        var mayConnect = true
        while true {
            if descriptor < 0 {
                guard apus_now_us() >= triesAt, connect() else { return run.lost(1, error) }
            } else if apus_now_us() < triesAt {
                return run.lost(1, error)
            }
            let code = Int32(-min(0, apus_send(descriptor, datagram, datagram.count)))
            switch code {
            case 0: return
            case EAGAIN: if !run.waits(for: descriptor) || !run.goesOn(0) { return run.lost(1, nil) }
            // Of this datagram, or of this moment.
            case EMSGSIZE, ENOBUFS, ENOMEM: return run.lost(1, SocketError(code: code))
            default:
                if case .udp = socket { return stayAway(code, 2, run) }
                disconnect()
                guard mayConnect else { return stayAway(code, 1, run) }
                mayConnect = false
            }
        }
    }

    /// - Parameter lines: for UDP two: the refusal that a send meets is that of an earlier one.
    private func stayAway(_ code: Int32, _ lines: UInt64, _ run: borrowing LogRun) {
        error = SocketError(code: code)
        triesAt = apus_now_us() + retry
        run.lost(lines, error)
    }

    private func connect() -> Bool {
        switch socket {
        case .local(let path):
            let name = Array(path.utf8).map { CChar(bitPattern: $0) }
            descriptor = apus_connect_local(name, name.count)
        case .udp(let address):
            var raw = address.raw
            descriptor = apus_connect_datagrams(&raw)
        }
        guard descriptor < 0 else { return true }
        error = SocketError(code: -descriptor)
        triesAt = apus_now_us() + retry
        return false
    }

    private func disconnect() {
        if descriptor >= 0 { apus_close(descriptor) }
        descriptor = -1
    }
}
