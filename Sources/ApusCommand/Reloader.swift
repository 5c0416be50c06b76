import Apus
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
    private var settings: ParsedSettings
    private var fileWatch: FileWatch
    private var isReloading = false
    /// What is still to be done.
    private var asked: Extent?

    /// How much is read.
    private enum Extent {
        /// The lists that the settings in force name.
        case lists
        /// The settings file with all that it names.
        case everything
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
        var watch = FileWatch()
        watch.take(Self.watched(settings), now: HostProcess.monotonicMilliseconds(), mark: Self.mark)
        fileWatch = watch
    }

    /// At HUP, or because a file has changed: what is wrong is said, and the old settings stay.
    ///
    /// One at a time, so that none overtakes another; what is asked for meanwhile follows.
    func reload() async { await reload(.everything) }

    private func reload(_ extent: Extent) async {
        if asked != .everything { asked = extent }
        guard !isReloading else { return }
        isReloading = true
        defer { isReloading = false }
        while let extent = asked {
            asked = nil
            switch extent {
            case .lists: await reloadLists()
            case .everything: await reloadOnce()
            }
        }
    }

    private func reloadLists() async {
        manager.tell(.reloading)
        await takeMarks()
        do {
            let new = try await HostThread.run { [settings] in
                Result { () throws(SettingFault) in try SettingsFile.reloadLists(files: .system, after: settings) }
            }.get()
            try server.reload(rules: new.policy.rules, endingDenied: new.configuration.reload.endsDenied)
            settings = new
            for notice in new.notices { notices.warn(notice) }
            notices.say("reloaded the lists of \(new.file ?? "")")
            manager.tell(.ready)
        } catch {
            // The server counts what it refuses itself.
            if error is SettingFault { server.reloadFailed() }
            keepOld(error)
        }
    }

    private func reloadOnce() async {
        manager.tell(.reloading)
        guard settings.file != nil else {
            notices.say("there is no settings file to reload: nothing has changed")
            return manager.tell(.ready)
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
            authenticator = try await Users.authenticator(new.policy)
        } catch {
            server.reloadFailed()
            return keepOld(error)
        }
        do {
            let waiting = try server.reload(
                configuration: new.configuration,
                rules: new.policy.rules,
                authenticator: authenticator,
                endingDenied: new.configuration.reload.endsDenied
            )
            settings = new
            await followFiles(of: new)
            for notice in new.notices { notices.warn(notice) }
            let count = new.policy.rules.rules.count
            notices.say("reloaded \(new.file ?? ""): \(count) \(count == 1 ? "rule" : "rules")")
            if !waiting.isEmpty { notices.warn("waits for the next start: \(waiting.joined(separator: ", "))") }
            manager.tell(.ready)
        } catch {
            keepOld(error)
        }
    }

    private func keepOld(_ error: any Error) {
        for line in "\(error)".split(separator: "\n") { notices.fault(String(line)) }
        notices.warn("the reload failed, the old settings stay in force")
        manager.tell(.kept("\(error)"))
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
