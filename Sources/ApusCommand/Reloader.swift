import Apus
import ApusConfig

/// Reads the settings anew and puts them in place of the old ones: all of them, or none.
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
        _ notices: Notices
    ) {
        self.server = server
        self.settings = settings
        self.arguments = arguments
        self.environment = environment
        self.notices = notices
        manager = ServiceManager(environment)
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
            case .lists: reloadLists()
            case .everything: await reloadOnce()
            }
        }
    }

    private func reloadLists() {
        manager.tell(.reloading)
        fileWatch.take(Self.watched(settings), now: HostProcess.monotonicMilliseconds(), mark: Self.mark)
        do {
            let new = try SettingsFile.reloadLists(files: .system, after: settings)
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
        fileWatch.take(Self.watched(settings), now: HostProcess.monotonicMilliseconds(), mark: Self.mark)
        let new: ParsedSettings
        let authenticator: (any Authenticator)?
        do {
            let reloaded = try SettingsFile.reload(
                arguments: arguments,
                environment: environment,
                files: .system,
                after: settings
            )
            new = reloaded.settings
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
            fileWatch.follow(Self.watched(new), now: HostProcess.monotonicMilliseconds(), mark: Self.mark)
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
            let wait = min(fileWatch.wait(now: HostProcess.monotonicMilliseconds()) ?? 1000, 1000)
            guard (try? await Task.sleep(for: .milliseconds(max(wait, 10)))) != nil else { return }
            if fileWatch.look(now: HostProcess.monotonicMilliseconds(), mark: Self.mark) {
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

    /// A pipe has no state that could be told from another.
    private static func mark(_ path: String) -> String? { HostFile.isRegular(path) ? HostFile.mark(path) : nil }
}
