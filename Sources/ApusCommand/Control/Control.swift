import Apus
import ApusConfig
import ApusPolicy
import ApusReport
import Synchronization

/// The control socket of a server: whatever changes the state of the process comes by it, or by a signal.
final class Control: Sendable {
    /// Who is told of the end.
    private struct Waiter: Sendable {
        let reply: HostLineServer.Reply
        /// How many clients were connected when that was last told.
        var open: Int
        /// Whether it is told of each change.
        let wantsNews: Bool
    }

    private struct State {
        var waiters: [Waiter] = []
        /// Whether the server has ended: who comes now is told so at once.
        var hasEnded = false
        var lines: HostLineServer?
    }

    private let server: ProxyServer
    private let reloader: Reloader
    private let ending: Ending
    private let started = HostProcess.secondsSince1970()
    private let state = Mutex(State())
    private let adminAddress: @Sendable () async -> String?

    /// How long a client waits for a reload, in seconds.
    private static let reloadPatience = 60
    /// After how many seconds it is told that it waits, and how often from then on.
    private static let reloadNews = 2

    init(
        _ server: ProxyServer,
        _ reloader: Reloader,
        _ ending: Ending,
        adminAddress: @escaping @Sendable () async -> String?
    ) {
        self.server = server
        self.reloader = reloader
        self.ending = ending
        self.adminAddress = adminAddress
    }

    private static let refusals = HostLineServer.Refusals(
        stranger: { user in
            fault(
                "this Apus belongs to user \(HostFolder.user), and you are user \(user): only that user and root may steer it"
            )
        },
        crowd: fault(
            "\(HostLineServer.most) others are connected already; a signal goes past them: kill -TERM \(HostProcess.identifier)"
        ),
        noLine: fault("\(ControlRequest.Fault.malformed)"),
        ended: fault("this Apus has ended meanwhile")
    )

    /// Begins to serve at this path.
    func begin(at path: String) throws(HostLineServer.Fault) {
        let lines = try HostLineServer(path: path, refusals: Self.refusals) { [weak self] line, reply in
            self?.serve(line, reply)
        }
        state.withLock { $0.lines = lines }
    }

    /// Begins to serve on a socket that listens already.
    func begin(adopting socket: Int32) throws(HostLineServer.Fault) {
        let lines = try HostLineServer(adopting: socket, refusals: Self.refusals) { [weak self] line, reply in
            self?.serve(line, reply)
        }
        state.withLock { $0.lines = lines }
    }

    private static func fault(_ words: String) -> [UInt8] {
        JSONWriter.object { json in
            json.truth("ok", false)
            json.text("fault", words)
        }
    }

    /// On the thread of the socket: nothing here waits, so that a drain and a stop get through whatever else is stuck.
    private func serve(_ line: [UInt8], _ reply: HostLineServer.Reply) {
        let request: ControlRequest
        do { request = try ControlRequest.parse(line.span) } catch { return reply.end(Self.fault("\(error)")) }
        switch request {
        case .status: Task { reply.end(await status()) }
        case .reload: Task { await reload(reply) }
        // First to wait, then to end: an end may come at once.
        case .drain(let waits):
            wait(reply, wantsNews: waits)
            if !server.isDraining { ending.drain() }
            if !waits { Task { reply.end(await open()) } }
        case .stop:
            wait(reply, wantsNews: true)
            ending.stop()
        case .end(let id): Task { await end(id, reply) }
        }
    }

    private func end(_ id: UInt64, _ reply: HostLineServer.Reply) async {
        guard await server.end(id) else {
            return reply.end(Self.fault("nothing that runs has this id; it may have ended by itself"))
        }
        reply.end(JSONWriter.object { $0.truth("ok", true) })
    }

    // MARK: Reloading

    private func reload(_ reply: HostLineServer.Reply) async {
        guard !server.isDraining else {
            return reply.end(
                Self.fault("this Apus drains, and reads no settings any more; it ends when nothing is open")
            )
        }
        if let since = await reloader.report.running {
            let seconds = max(0, HostProcess.secondsSince1970() - since)
            reply.say(Self.news("another reload has been under way for \(seconds) s; this one follows"))
        }
        let news = Task {
            var waited = 0
            while (try? await Task.sleep(for: .seconds(Self.reloadNews))) != nil {
                waited += Self.reloadNews
                guard waited < Self.reloadPatience else {
                    return reply.end(
                        Self.fault(
                            "the reload hangs: a file has not answered for \(waited) s; the old settings stay in force until it does"
                        )
                    )
                }
                reply.say(Self.news("still reading after \(waited) s: a file does not answer"))
            }
        }
        let outcome = await reloader.reload()
        news.cancel()
        reply.end(outcome.json)
    }

    private static func news(_ words: String) -> [UInt8] { JSONWriter.object { $0.text("news", words) } }

    // MARK: Ending

    /// Answers when the server has ended, and tells what is open as it changes, if that is wanted.
    private func wait(_ reply: HostLineServer.Reply, wantsNews: Bool) {
        let load = server.load
        if wantsNews { reply.say(JSONWriter.object { draining(load, &$0) }) }
        let (hasEnded, isFirst) = state.withLock { state in
            if state.hasEnded { return (true, false) }
            defer { state.waiters.append(Waiter(reply: reply, open: load.clients, wantsNews: wantsNews)) }
            return (false, wantsNews && !state.waiters.contains(where: \.wantsNews))
        }
        if hasEnded { return reply.end(Self.ended(closed: 0)) }
        guard isFirst else { return }
        Task {
            while true {
                tick()
                guard (try? await Task.sleep(for: .milliseconds(500))) != nil else { return }
            }
        }
    }

    private func tick() {
        let load = server.load
        state.withLock { state in
            for index in state.waiters.indices where state.waiters[index].open != load.clients {
                state.waiters[index].open = load.clients
                guard state.waiters[index].wantsNews else { continue }
                state.waiters[index].reply.say(JSONWriter.object { draining(load, &$0) })
            }
        }
    }

    /// Writes that it drains, and how much is left.
    private func draining(_ load: (clients: Int, tunnels: Int), _ json: inout JSONWriter) {
        json.text("state", "draining")
        json.number("clients", load.clients)
        json.number("tunnels", load.tunnels)
        json.text("limit", ending.limit.settingText)
    }

    /// The server has ended: who waits for that is told, and the socket goes.
    func finish() async {
        let (waiters, lines) = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return (state.waiters, state.lines)
        }
        let last = Self.ended(closed: server.cutOff)
        for waiter in waiters { waiter.reply.end(last) }
        await lines?.finish()
    }

    /// The last line of an answer of who has ended.
    ///
    /// - Parameter closed: how many clients were cut off; nil where that is not known.
    static func ended(closed: Int?) -> [UInt8] {
        JSONWriter.object { json in
            json.truth("ok", true)
            json.text("state", "ended")
            if let closed { json.number("closed", closed) }
        }
    }

    /// What is open, the oldest first.
    private func open() async -> [UInt8] {
        let open = await server.openTransactions(limit: 10)
        let load = server.load
        return JSONWriter.object { json in
            json.truth("ok", true)
            draining(load, &json)
            json.number("open_count", open.total)
            json.array("open", of: open.transactions.map(ControlStatus.json))
        }
    }

    // MARK: Status

    private func status() async -> [UInt8] {
        // Two looks, a second apart, are the rates.
        let before = await server.traffic(names: 0)
        let began = HostProcess.monotonicMilliseconds()
        try? await Task.sleep(for: .seconds(1))
        let after = await server.traffic(names: 0)
        let isServing = server.isReady || server.isDraining
        return ControlStatus(
            started: started,
            drainingSince: server.drainingSince,
            isServing: isServing,
            listeners: isServing ? ((try? await server.addresses) ?? []).map(\.description) : [],
            admin: await adminAddress(),
            before: before,
            after: after,
            milliseconds: max(1, HostProcess.monotonicMilliseconds() - began),
            occupancy: server.occupancy,
            open: await server.openTransactions(limit: 10),
            report: await reloader.report,
            configuration: server.configuration,
            rules: server.currentRules
        ).json
    }
}
