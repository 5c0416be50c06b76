internal import CApusReactor
internal import Glibc
internal import Synchronization

/// Writes bytes to a descriptor from a thread of its own, in batches, so that no reactor ever waits for a disk or a pipe.
///
/// What comes while the writer writes is gathered; beyond the bound it is dropped and counted.
public final class BatchWriter: Sendable {
    private struct State {
        var gathered: [UInt8] = []
        /// The buffer of the batch before, emptied, so that none is allocated, and its pages touched, anew each time.
        var spare: [UInt8] = []
        var dropped: UInt64 = 0
        var descriptor: Int32
        var isClosed = false
    }

    /// How long the writer gathers before it writes, in milliseconds.
    private static let gatherMilliseconds: Int32 = 20
    /// With so much gathered it writes at once.
    private static let urgentBytes = 256 << 10

    private let state: Mutex<State>
    private let writing = Mutex<Void>(())
    private let bell: Int32
    private let bound: Int
    private let path: String?

    /// - Parameters:
    ///   - path: the file to append to, created when absent; `nil` for standard output.
    ///   - bound: how many bytes may be gathered.
    /// - Throws: the errno of opening the file, or of starting the thread.
    public init(path: String?, bound: Int) throws(SocketError) {
        let descriptor = try BatchWriter.open(path)
        let bell = apus_event_create()
        guard bell >= 0 else {
            if path != nil { apus_close(descriptor) }
            throw SocketError(code: -bell)
        }
        self.bell = bell
        self.bound = bound
        self.path = path
        state = Mutex(State(descriptor: descriptor))
        try ReactorThread.start(name: "apus-log") { [self] in loop() }
    }

    deinit {
        apus_close(bell)
        if path != nil { apus_close(state.withLock { $0.descriptor }) }
    }

    /// Gathers lines; all of them or none.
    ///
    /// - Parameters:
    ///   - count: how many of the bytes count.
    ///   - lines: how many lines these are, for the count of dropped ones.
    public func append(_ bytes: [UInt8], count: Int, lines: UInt64) {
        let rings = state.withLock { state in
            guard state.gathered.count + count <= bound, !state.isClosed else {
                state.dropped += lines
                return false
            }
            let before = state.gathered.count
            state.gathered += bytes[0..<min(count, bytes.count)]
            return before == 0 || (before < BatchWriter.urgentBytes && state.gathered.count >= BatchWriter.urgentBytes)
        }
        if rings { _ = apus_event_ring(bell) }
    }

    /// How many runs have been dropped for want of room.
    public var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Opens the file anew, as after a rotation; on a fault the old one stays.
    public func reopen() throws(SocketError) {
        guard path != nil else { return }
        let descriptor = try BatchWriter.open(path)
        writing.withLock { _ in
            let old = state.withLock { state in
                let old = state.descriptor
                state.descriptor = descriptor
                return old
            }
            apus_close(old)
        }
    }

    /// Writes what is gathered and ends the thread.
    public func close() {
        state.withLock { $0.isClosed = true }
        writeGathered()
        _ = apus_event_ring(bell)
    }

    private static func open(_ path: String?) throws(SocketError) -> Int32 {
        guard let path else { return 1 }
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw SocketError(code: errno) }
        return descriptor
    }

    private func loop() {
        while true {
            wait(-1)
            // Gather for a moment, unless there is a lot already or the end has come.
            if state.withLock({ !$0.isClosed && $0.gathered.count < BatchWriter.urgentBytes }) {
                wait(BatchWriter.gatherMilliseconds)
            }
            writeGathered()
            if state.withLock({ $0.isClosed && $0.gathered.isEmpty }) { return }
        }
    }

    private func wait(_ milliseconds: Int32) {
        var watched = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        _ = poll(&watched, 1, milliseconds)
        var count: UInt64 = 0
        _ = apus_read(bell, &count, MemoryLayout<UInt64>.size)
    }

    private func writeGathered() {
        writing.withLock { _ in
            var (bytes, descriptor) = state.withLock { state in
                let bytes = state.gathered
                state.gathered = state.spare
                state.spare = []
                return (bytes, state.descriptor)
            }
            bytes.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                var written = 0
                while written < bytes.count {
                    let count = Glibc.write(descriptor, start + written, bytes.count - written)
                    if count > 0 {
                        written += count
                    } else if errno == EAGAIN {
                        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        _ = poll(&watched, 1, 1000)
                        if state.withLock({ $0.isClosed }) { return }
                    } else if errno != EINTR {
                        state.withLock { $0.dropped += 1 }
                        return
                    }
                }
            }
            guard bytes.capacity <= 2 * BatchWriter.urgentBytes else { return }
            bytes.removeAll(keepingCapacity: true)
            state.withLock { $0.spare = bytes }
        }
    }
}
