import Apus

/// Keeps a service manager up to date while the server runs: what it is at, and that it is alive.
struct ServiceFeed: Sendable {
    private let manager: ServiceManager
    private let server: ProxyServer
    private let notices: Notices
    /// How often figures are told.
    private static let interval = Duration.seconds(5)

    init(_ manager: ServiceManager, _ server: ProxyServer, _ notices: Notices) {
        self.manager = manager
        self.server = server
        self.notices = notices
    }

    /// Runs until the task is cancelled; at once done where there is no manager.
    func run() async {
        guard manager.isThere else { return }
        async let feeding: Void = feed()
        while (try? await Task.sleep(for: Self.interval)) != nil {
            let load = server.load
            manager.show(clients: load.clients, tunnels: load.tunnels, standing: server.standingThreads)
        }
        await feeding
    }

    /// Kicks the watchdog each time that every thread has turned its loop since it was last asked; four times as often as is expected, so
    /// that a slow turn is no death.
    private func feed() async {
        guard let limit = manager.watchdog else { return }
        var isAsked = false
        var isTold = false
        while (try? await Task.sleep(for: max(limit / 4, .milliseconds(1)))) != nil {
            let standing = server.standingThreads
            guard standing.isEmpty else {
                if !isTold { tell(standing) }
                isTold = true
                continue
            }
            if isTold { HostThread.start { [notices] in notices.say("every thread turns its loop again") } }
            isTold = false
            if isAsked { manager.kick() }
            isAsked = server.askForTurns()
        }
    }

    /// Once an episode; standard error may be what stands still, so that it is not waited for.
    private func tell(_ standing: [Int]) {
        let names = standing.map { "apus-\($0)" }.joined(separator: ", ")
        HostThread.start { [notices] in
            notices.warn("no turn of \(names): the service manager is not told that Apus is alive until there is one")
        }
    }
}
