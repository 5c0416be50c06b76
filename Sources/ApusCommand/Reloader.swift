import Apus
import ApusAdvice
import ApusConfig

/// Reads the settings anew and puts them in place of the old ones: all of them, or none.
///
/// What asks the disk is done on threads of its own: one that does not answer holds up this actor alone, and neither the end of the
/// process nor the tasks that share their threads.
actor Reloader {
    private let server: ProxyServer
    private let arguments: [String]
    private let environment: [String: String]
    private let notices: Notices
    private let manager: ServiceManager
    /// As the start had it: it changes with the next one only.
    private let ipv6Prefix: Int
    private var settings: ParsedSettings
    private var fileWatch: FileWatch
    private var isReloading = false
    /// What is still to be done.
    private var asked: Extent?
    /// Who waits for what is still to be done.
    private var waiting: [CheckedContinuation<ReloadOutcome, Never>] = []
    /// How it stands, for who asks.
    private(set) var report: Report

    /// How much is read.
    private enum Extent {
        /// The lists that the settings in force name.
        case lists
        /// The settings file with all that it names.
        case everything
    }

    /// Which settings are in force, and what the last reload was; in seconds since 1970.
    struct Report: Sendable {
        var settings: ParsedSettings
        /// Since when these settings are in force.
        var since: Int64
        /// When the lists were read.
        var listsRead: Int64
        /// When the last reload ended, and how.
        var last: (at: Int64, outcome: ReloadOutcome)?
        /// Since when one is under way.
        var running: Int64?
    }

    init(
        _ server: ProxyServer,
        _ settings: ParsedSettings,
        _ arguments: [String],
        _ environment: [String: String],
        _ notices: Notices,
        _ manager: ServiceManager
    ) {
        self.server = server
        self.settings = settings
        self.arguments = arguments
        self.environment = environment
        self.notices = notices
        self.manager = manager
        let now = HostProcess.secondsSince1970()
        report = Report(settings: settings, since: now, listsRead: now)
        ipv6Prefix = settings.configuration.limits.ipv6Prefix
        var watch = FileWatch()
        watch.take(Self.watched(settings), now: HostProcess.monotonicMilliseconds(), mark: Self.mark)
        fileWatch = watch
    }

    /// At HUP, or because a file has changed: what is wrong is said, and the old settings stay.
    ///
    /// One at a time, so that none overtakes another; what is asked for meanwhile follows.
    ///
    /// - Returns: what a reload that has begun after this came to.
    @discardableResult
    func reload() async -> ReloadOutcome {
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            asked = .everything
            if !isReloading { Task { await work() } }
        }
    }

    private func reload(_ extent: Extent) async {
        if asked != .everything { asked = extent }
        await work()
    }

    private func work() async {
        guard !isReloading else { return }
        isReloading = true
        defer { isReloading = false }
        while let extent = asked {
            asked = nil
            // Who asks for the settings is not answered with the lists.
            let answered = extent == .everything ? waiting : []
            if extent == .everything { waiting = [] }
            report.running = HostProcess.secondsSince1970()
            let outcome = extent == .everything ? await reloadOnce() : await reloadLists()
            report.running = nil
            report.last = (HostProcess.secondsSince1970(), outcome)
            for continuation in answered { continuation.resume(returning: outcome) }
        }
    }

    private func reloadLists() async -> ReloadOutcome {
        manager.tell(.reloading)
        await takeMarks()
        do {
            let new = try await HostThread.run { [settings] in
                Result { () throws(SettingFault) in try SettingsFile.reloadLists(files: .system, after: settings) }
            }.get()
            try server.reload(rules: new.policy.rules, endingDenied: new.configuration.reload.endsDenied)
            let outcome = put(new, needsStart: [])
            for notice in new.notices { notices.warn(notice) }
            notices.say("reloaded the lists of \(new.file ?? "")")
            manager.tell(.ready)
            return outcome
        } catch {
            // The server counts what it refuses itself.
            if error is SettingFault { server.reloadFailed("\(error)") }
            return keepOld(error)
        }
    }

    private func reloadOnce() async -> ReloadOutcome {
        manager.tell(.reloading)
        guard settings.file != nil else {
            notices.say("there is no settings file to reload: nothing has changed")
            manager.tell(.ready)
            return ReloadOutcome(rules: settings.policy.rules.rules.count)
        }
        await takeMarks()
        let new: ParsedSettings
        let authenticator: (any Authenticator)?
        do {
            new = try await HostThread.run { [arguments, environment, settings] in
                Result { () throws(SettingFault) in
                    try SettingsFile.reload(
                        arguments: arguments,
                        environment: environment,
                        files: .system,
                        after: settings
                    )
                }
            }.get().settings
            authenticator = try await Users.authenticator(new.policy, ipv6Prefix: ipv6Prefix)
        } catch {
            server.reloadFailed("\(error)")
            return keepOld(error)
        }
        do {
            let waiting = try server.reload(
                configuration: new.configuration,
                rules: new.policy.rules,
                authenticator: authenticator,
                endingDenied: new.configuration.reload.endsDenied
            )
            let outcome = put(new, needsStart: waiting)
            await followFiles(of: new)
            for notice in new.notices { notices.warn(notice) }
            let count = new.policy.rules.rules.count
            notices.say("reloaded \(new.file ?? ""): \(count) \(count == 1 ? "rule" : "rules")")
            if !waiting.isEmpty { notices.warn("waits for the next start: \(waiting.joined(separator: ", "))") }
            manager.tell(.ready)
            return outcome
        } catch {
            return keepOld(error)
        }
    }

    /// Other settings are in force.
    private func put(_ new: ParsedSettings, needsStart: [String]) -> ReloadOutcome {
        var outcome = ReloadOutcome(file: new.file, warnings: new.notices, rules: new.policy.rules.rules.count)
        outcome.policy = PolicyDifference(from: settings.policy.rules, to: new.policy.rules)
        outcome.compare(
            settings.configuration,
            new.configuration,
            started: server.configuration,
            needsStart: needsStart
        )
        settings = new
        report.settings = new
        report.since = HostProcess.secondsSince1970()
        report.listsRead = report.since
        return outcome
    }

    private func keepOld(_ error: any Error) -> ReloadOutcome {
        for line in "\(error)".split(separator: "\n") { notices.fault(String(line)) }
        notices.warn("the reload failed, the old settings stay in force")
        manager.tell(.kept("\(error)"))
        return ReloadOutcome(file: settings.file, faults: "\(error)".split(separator: "\n").map(String.init))
    }

    /// Looks at the files that are to be watched, and reloads when one has changed, until the task is cancelled.
    func watch() async {
        while true {
            // A reload may have files watched where none was.
            let wait = fileWatch.wait(now: HostProcess.monotonicMilliseconds())
            guard (try? await Task.sleep(for: .milliseconds(max(min(wait ?? 1000, 1000), 10)))) != nil else { return }
            guard wait != nil else { continue }
            let marks = await Self.marks(Self.watched(settings))
            if fileWatch.look(now: HostProcess.monotonicMilliseconds(), mark: { marks[$0] }) {
                // Whoever watches no settings says by HUP when they are whole.
                await reload(settings.configuration.reload.watch > .zero ? .everything : .lists)
            }
        }
    }

    /// The files with how often each is looked at.
    private static func watched(_ settings: ParsedSettings) -> [FileWatch.File] {
        var all = settings.policy.lists.compactMap { list in list.refresh.map { FileWatch.File(list.file, every: $0) } }
        let watch = settings.configuration.reload.watch
        guard watch > .zero else { return all }
        if let file = settings.file { all.append(.init(file, every: watch)) }
        if case .file(let path, _)? = settings.policy.users { all.append(.init(path, every: watch)) }
        if let keys = settings.policy.jwt?.keys { all.append(.init(keys, every: watch)) }
        return all
    }

    /// What the files are like, before they are read.
    private func takeMarks() async {
        let files = Self.watched(settings)
        let marks = await Self.marks(files)
        fileWatch.take(files, now: HostProcess.monotonicMilliseconds(), mark: { marks[$0] })
    }

    /// Watches the files of other settings from now on.
    private func followFiles(of new: ParsedSettings) async {
        let files = Self.watched(new)
        let marks = await Self.marks(files)
        fileWatch.follow(files, now: HostProcess.monotonicMilliseconds(), mark: { marks[$0] })
    }

    /// The marks of those files that are there; even to ask for them may hang.
    private static func marks(_ files: [FileWatch.File]) async -> [String: String] {
        guard !files.isEmpty else { return [:] }
        return await HostThread.run {
            var marks: [String: String] = [:]
            for file in files { marks[file.path] = mark(file.path) }
            return marks
        }
    }

    /// A pipe has no state that could be told from another.
    private static func mark(_ path: String) -> String? { HostFile.isRegular(path) ? HostFile.mark(path) : nil }
}
