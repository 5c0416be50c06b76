internal import ApusReactor
internal import Synchronization

/// Tells the service manager that started the process how it is doing, by the protocol of sd_notify(3); says nothing where
/// there is none. It never waits, from whatever thread it is asked.
package final class ServiceManager: Sendable {
    /// What is told.
    package enum State: Sendable, Equatable {
        /// It serves, by settings that are in force from now on.
        case ready
        /// A reload has begun; ``ready`` or ``kept(_:)`` follows.
        case reloading
        /// The reload failed and the old settings stay, for this reason.
        case kept(String)
        /// It takes no more clients, and ends within this time.
        case stopping(within: Duration)
        /// It ends at once.
        case ending
    }

    private struct Telling: ~Copyable {
        var socket: LocalDatagrams?
        var status = ServiceStatus()
        /// What was not taken yet, in its order: the manager must hear all of it.
        var waiting: [String] = []
        /// The status that was last told.
        var told = ""
    }

    /// How many messages may wait; what nobody takes for so long nobody waits for.
    private static let most = 64
    /// How much longer than its deadline an end may take: records and logs are written.
    private static let grace = Duration.seconds(10)

    private let telling: Mutex<Telling>
    /// Whether there is one.
    package let isThere: Bool
    /// A ``kick()`` is expected at least this often; nil where it is not.
    package let watchdog: Duration?

    /// - Parameter environment: `NOTIFY_SOCKET` names the manager's socket, `WATCHDOG_USEC` and `WATCHDOG_PID` say whether it expects kicks.
    package init(_ environment: [String: String], process: Int32 = HostProcess.identifier) {
        let path = environment["NOTIFY_SOCKET"] ?? ""
        isThere = path.utf8.count > 1 && (path.hasPrefix("/") || path.hasPrefix("@"))
        telling = Mutex(Telling(socket: isThere ? LocalDatagrams(to: path) : nil))
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        let limit = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isThere && isMeant && limit > 0 ? .microseconds(limit) : nil
    }

    /// Sends it, or keeps it until it can be sent; a manager that is gone is no fault.
    package func tell(_ state: State) {
        guard isThere else { return }
        let (now, clock) = (HostProcess.secondsSince1970(), SystemInfo.monotonicMicroseconds())
        telling.withLock { telling in
            // Whoever ends does not serve again, whatever a reload that still runs comes to.
            guard telling.status.takes(state, now) else { return }
            telling.told = telling.status.text
            telling.waiting.append(ServiceManager.assignments(state, clock) + "STATUS=\(telling.told)\n")
            if telling.waiting.count > Self.most { telling.waiting.removeFirst() }
            Self.flush(&telling)
        }
    }

    /// Shows what it is at, where that has changed.
    ///
    /// - Parameter standing: the threads that do not turn their loop.
    package func show(clients: Int, tunnels: Int, standing: [Int]) {
        guard isThere else { return }
        telling.withLock { telling in
            Self.flush(&telling)
            telling.status.clients = clients
            telling.status.tunnels = tunnels
            telling.status.standing = standing
            let text = telling.status.text
            guard telling.waiting.isEmpty, text != telling.told, telling.status.phase != .starting else { return }
            if telling.socket?.send("STATUS=\(text)\n") == .sent { telling.told = text }
        }
    }

    /// Says that it is alive; whoever calls this has made sure.
    package func kick() {
        telling.withLock { telling in
            Self.flush(&telling)
            if telling.waiting.isEmpty { _ = telling.socket?.send("WATCHDOG=1\n") }
        }
    }

    private static func flush(_ telling: inout Telling) {
        while let first = telling.waiting.first {
            if telling.socket?.send(first) == .full { return }
            telling.waiting.removeFirst()
        }
    }

    /// The assignments of a state, one a line.
    private static func assignments(_ state: State, _ clock: UInt64) -> String {
        switch state {
        case .ready, .kept: "READY=1\n"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(clock)\n"
        case .stopping(let limit): "STOPPING=1\nEXTEND_TIMEOUT_USEC=\((limit + grace).microseconds)\n"
        case .ending: "STOPPING=1\n"
        }
    }
}

extension ServiceStatus {
    /// Takes what has become of the process; false where that is not to be told any more.
    fileprivate mutating func takes(_ state: ServiceManager.State, _ now: Int64) -> Bool {
        switch (phase, state) {
        case (_, .ending): phase = .ending
        case (.ending, _): return false
        case (_, .stopping(let limit)): phase = .draining(until: now + Int64(limit.microseconds / 1_000_000))
        case (.draining, _): return false
        case (_, .ready):
            phase = .serving
            since = now
            failure = nil
        case (_, .reloading): phase = .reloading
        case (_, .kept(let reason)):
            phase = .serving
            failure = (reason, now)
        }
        return true
    }
}
