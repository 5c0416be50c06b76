internal import CApusReactor
internal import Glibc
internal import Synchronization

/// Writes a log from a thread of its own, in batches, so that no reactor ever waits for a disk, a pipe or a socket.
///
/// What comes while the writer writes is gathered; beyond the bound it is dropped and counted.
public final class BatchWriter: Sendable {
    private struct State {
        var gathered: [UInt8] = []
        var gatheredLines: UInt64 = 0
        /// The buffer of the batch before, emptied, so that none is allocated, and its pages touched, anew each time.
        var spare: [UInt8] = []
        var dropped: UInt64 = 0
        /// Why lines were dropped last; nil when they came too fast.
        var error: SocketError?
        var reopens = false
        /// When it was closed, in microseconds of the monotonic clock.
        var closedAt: UInt64?
        /// Whether the sink was waited for in vain since then.
        var gaveUp = false
    }

    /// How long the writer gathers before it writes, in milliseconds.
    private static let gatherMilliseconds: Int32 = 20
    /// With so much gathered it writes at once.
    private static let urgentBytes = 256 << 10
    /// How long a sink that takes nothing is waited for at the end, and one that is slow, in microseconds.
    private static let patience: (stuck: UInt64, slow: UInt64) = (1_000_000, 5_000_000)

    private let state = Mutex(State())
    private let bell: Int32
    /// Rung when the thread has ended.
    private let ended: Int32
    private let bound: Int
    private let path: String?
    private let noticeInterval: UInt64
    private let trouble: @Sendable (LogTrouble) -> Void

    /// - Parameters:
    ///   - bound: how many bytes may be gathered.
    ///   - trouble: is told on the writer's thread what could not be done; of dropped lines once a minute at most.
    /// - Throws: the errno of opening the file, or of starting the thread. A socket may come later.
    public convenience init(
        _ destination: LogDestination,
        bound: Int,
        trouble: @escaping @Sendable (LogTrouble) -> Void
    ) throws(SocketError) {
        try self.init(destination, bound: bound, timing: LogTiming(), trouble: trouble)
    }

    init(
        _ destination: LogDestination,
        bound: Int,
        timing: LogTiming,
        trouble: @escaping @Sendable (LogTrouble) -> Void = { _ in }
    ) throws(SocketError) {
        var opened: Int32 = 1
        if case .file(let path, _) = destination {
            opened = try LogFile.open(path)
            self.path = path
        } else {
            path = nil
        }
        bell = apus_event_create()
        ended = apus_event_create()
        self.bound = bound
        self.trouble = trouble
        noticeInterval = timing.notice
        let descriptor = opened
        do throws(SocketError) {
            if bell < 0 || ended < 0 { throw SocketError(code: -min(bell, ended)) }
            try ReactorThread.start(name: "apus-log") { [self] in
                loop(BatchWriter.sink(destination, descriptor, timing, trouble))
            }
        } catch {
            if path != nil { apus_close(descriptor) }
            throw error
        }
    }

    deinit {
        if bell >= 0 { apus_close(bell) }
        if ended >= 0 { apus_close(ended) }
    }

    /// Gathers lines or entries; all of them or none.
    ///
    /// - Parameters:
    ///   - count: how many of the bytes count.
    ///   - lines: how many lines these are, for the count of dropped ones.
    public func append(_ bytes: [UInt8], count: Int, lines: UInt64) {
        let rings = state.withLock { state in
            guard state.gathered.count + count <= bound, state.closedAt == nil else {
                state.dropped += lines
                // The thread may sleep, and is the one who tells of it.
                return state.gathered.isEmpty && state.closedAt == nil
            }
            let before = state.gathered.count
            state.gathered += bytes[0..<min(count, bytes.count)]
            state.gatheredLines += lines
            return before == 0 || (before < BatchWriter.urgentBytes && state.gathered.count >= BatchWriter.urgentBytes)
        }
        if rings { _ = apus_event_ring(bell) }
    }

    /// Writes an entry of ``LogEntries/counted`` behind its length.
    public static func appendCounted(_ entry: [UInt8], to bytes: inout [UInt8]) {
        let count = UInt32(truncatingIfNeeded: entry.count)
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: count >> UInt32(shift))) }
        bytes += entry
    }

    /// How many lines have been dropped, for want of room or because they could not be written.
    public var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Opens the file anew, as after a rotation, before the next batch is written; what is no file is connected anew.
    ///
    /// - Throws: the errno of opening it; the old one stays.
    public func reopen() throws(SocketError) {
        if let path { apus_close(try LogFile.open(path)) }
        state.withLock { $0.reopens = true }
        _ = apus_event_ring(bell)
    }

    /// Writes what is gathered and ends the thread; a sink that takes nothing is waited for a second, a slow one five.
    public func close() {
        let isFirst = state.withLock { state in
            defer { if state.closedAt == nil { state.closedAt = apus_now_us() } }
            return state.closedAt == nil
        }
        guard isFirst else { return }
        _ = apus_event_ring(bell)
        var watched = pollfd(fd: ended, events: Int16(POLLIN), revents: 0)
        let limit = Int32(BatchWriter.patience.slow / 1000) + 1000
        var result: Int32 = -1
        repeat { result = poll(&watched, 1, limit) } while result < 0 && errno == EINTR
        guard result == 0 else { return }
        // The thread hangs in a call; it writes no more of these.
        state.withLock { state in
            state.dropped += state.gatheredLines
            state.gathered = []
            state.gatheredLines = 0
        }
    }
}

/// The writer's thread.
extension BatchWriter {
    private static func sink(
        _ destination: LogDestination,
        _ descriptor: Int32,
        _ timing: LogTiming,
        _ trouble: @escaping @Sendable (LogTrouble) -> Void
    ) -> any LogSink {
        switch destination {
        case .standardOutput: LogFile(descriptor, path: nil, rotation: nil, timing, trouble)
        case .file(let path, let rotation): LogFile(descriptor, path: path, rotation: rotation, timing, trouble)
        case .datagrams(let socket, let entries): LogDatagrams(to: socket, entries: entries, timing)
        }
    }

    private func loop(_ sink: any LogSink) {
        var notice = DropNotice(interval: noticeInterval)
        while true {
            wait(notice.timeout(apus_now_us()))
            // Gather for a moment, unless there is a lot already or the end has come.
            if state.withLock({ $0.closedAt == nil && 1..<BatchWriter.urgentBytes ~= $0.gathered.count }) {
                wait(BatchWriter.gatherMilliseconds)
            }
            let reopens: Bool
            var bytes: [UInt8]
            (bytes, reopens) = take()
            if reopens { sink.reopen() }
            if !bytes.isEmpty {
                let run = LogRun(
                    goesOn: { slices in
                        self.tell(&notice)
                        return self.goesOn(slices)
                    },
                    lost: { lines, error in
                        self.state.withLock { state in
                            state.dropped += lines
                            state.error = error
                        }
                    }
                )
                sink.write(bytes, run)
                giveBack(&bytes)
            }
            tell(&notice)
            if state.withLock({ $0.closedAt != nil && $0.gathered.isEmpty }) { break }
        }
        _ = apus_event_ring(ended)
    }

    private func goesOn(_ slices: Int32) -> Bool {
        let stuck = UInt64(slices) * UInt64(LogRun.slice) * 1000
        return state.withLock { state in
            guard let closedAt = state.closedAt else { return true }
            if stuck >= BatchWriter.patience.stuck || apus_now_us() >= closedAt + BatchWriter.patience.slow {
                state.gaveUp = true
            }
            return !state.gaveUp
        }
    }

    private func wait(_ milliseconds: Int32) {
        var watched = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        _ = poll(&watched, 1, milliseconds)
        var count: UInt64 = 0
        _ = apus_read(bell, &count, MemoryLayout<UInt64>.size)
    }

    private func take() -> ([UInt8], Bool) {
        state.withLock { state in
            let bytes = state.gathered
            state.gathered = state.spare
            state.spare = []
            state.gatheredLines = 0
            defer { state.reopens = false }
            return (bytes, state.reopens)
        }
    }

    /// Keeps the buffer of a usual batch for the next one.
    private func giveBack(_ bytes: inout [UInt8]) {
        guard bytes.capacity <= 2 * BatchWriter.urgentBytes else { return }
        bytes.removeAll(keepingCapacity: true)
        state.withLock { swap(&$0.spare, &bytes) }
    }

    private func tell(_ notice: inout DropNotice) {
        let (dropped, error) = state.withLock { ($0.dropped, $0.error) }
        if notice.isDue(dropped, apus_now_us()) {
            trouble(.dropped(lines: dropped, error: error))
            state.withLock { $0.error = nil }
        }
    }
}
