import Apus
import ApusConfig
import ApusPolicy
import Synchronization

/// How the process is told to end, by a signal or by the control socket: the drain first, then at once.
final class Ending: Sendable {
    private let server: ProxyServer
    private let manager: ServiceManager
    private let notices: Notices
    private let count = Atomic(0)

    init(_ server: ProxyServer, _ manager: ServiceManager, _ notices: Notices) {
        self.server = server
        self.manager = manager
        self.notices = notices
    }

    /// How long a drain may take.
    var limit: Duration { server.configuration.timeouts.drain }

    /// TERM or INT: drains, and ends at once when asked again. Never waits for a terminal or a disk.
    func signalled() {
        switch count.add(1, ordering: .relaxed).newValue {
        case 1: drain()
        case 2: stop()
        // It ends already.
        default: break
        }
    }

    /// Takes no more clients, and ends when nothing is open any more.
    func drain() {
        server.drain()
        manager.tell(.stopping(within: limit))
        let text = limit.settingText
        HostThread.start { [notices] in notices.say("draining for up to \(text); stop it once more to end at once") }
    }

    /// Closes what is open, and ends.
    func stop() {
        // Records are written within this time, or never.
        HostProcess.exit(ApusMain.Status.clean, inMilliseconds: 1000)
        server.stop()
        manager.tell(.ending)
        HostThread.start { [notices] in notices.say("ending at once") }
    }
}
