import Apus
import ApusConfig
import Logging

#if AdminListener
import ApusAdmin

/// The admin listener of the command: it begins before the proxy, so that its address is guarded, and ends after it.
struct Admin: Sendable {
    private let server: AdminServer
    private let isAskedFor: Bool
    private let notices: Notices

    /// - Returns: nil when it is off.
    init?(_ proxy: ProxyServer, _ settings: ParsedSettings, _ reloader: Reloader, _ notices: Notices) {
        guard settings.configuration.admin.isOn else { return nil }
        server = AdminServer(
            for: proxy,
            settingsFile: settings.file,
            ruleText: RuleText.describe,
            inForce: SettingsInForce(
                report: { Admin.report(await reloader.report) },
                explain: { url, options async throws(SettingsInForce.Fault) in
                    try Admin.explain(url, options, await reloader.report.settings)
                }
            ),
            logger: Logger(label: "apus-admin") { _ in NoticeLogHandler(notices) }
        )
        server.adopt(settings.activation.admin)
        isAskedFor = settings.sources.keys.contains { $0.hasPrefix("admin.") }
        self.notices = notices
    }

    private static func report(_ report: Reloader.Report) -> SettingsInForce.Report {
        let lists = report.settings.policy.lists.map { list in
            SettingsInForce.List(
                name: list.name,
                file: list.file,
                readAt: report.listsRead,
                refresh: list.refresh.map { $0.components.seconds },
                skippedLines: report.settings.policy.skippedLines[list.name] ?? 0
            )
        }
        return SettingsInForce.Report(lists: lists, warnings: report.settings.notices)
    }

    private static func explain(
        _ url: String,
        _ options: [String: String],
        _ settings: ParsedSettings
    ) throws(SettingsInForce.Fault) -> String {
        var asked = settings
        asked.words = [url]
        asked.options = options
        asked.options["json"] = ""
        do {
            return try Explain.page(asked, now: HostProcess.secondsSince1970(), files: .system)
        } catch { throw SettingsInForce.Fault("\(error)") }
    }

    /// Where it listens; nil where it cannot.
    var place: String? {
        get async { (try? await server.address)?.description }
    }

    /// Serves until the task is cancelled.
    func run() async {
        // Why it cannot begin is told by ``begun()``.
        try? await server.run()
    }

    /// Says where it serves, if it does.
    func announce() async {
        switch try? await server.address {
        case .address(let address)?:
            notices.say("the page is at http://\(StartLines.local(address))/, the metrics at /metrics there")
        case .socket(let path)?: notices.say("the page and the metrics are on the UNIX socket \(path)")
        case nil: break
        }
    }

    /// Waits until it serves.
    ///
    /// - Returns: the exit status, when there is no use in going on: what was asked for cannot be had.
    func begun() async -> Int32? {
        do {
            _ = try await server.address
            return nil
        } catch {
            if case .addressInUse = error, !isAskedFor {
                notices.warn("\(error); Apus serves without it")
                return nil
            }
            notices.fault("\(error)")
            if case .noToken = error { return ApusMain.Status.configuration }
            return ApusMain.Status.cannotStart
        }
    }
}

#else
/// Stands for the admin listener where the command was built without it: what was asked for is refused.
struct Admin: Sendable {
    private let notices: Notices

    /// - Returns: nil when nobody has asked for it.
    init?(_ proxy: ProxyServer, _ settings: ParsedSettings, _ reloader: Reloader, _ notices: Notices) {
        guard settings.configuration.admin.isOn, settings.sources.keys.contains(where: { $0.hasPrefix("admin.") })
        else {
            return nil
        }
        self.notices = notices
    }

    /// Where it listens: nowhere.
    var place: String? { get async { nil } }

    func run() async {}

    func announce() async {}

    func begun() async -> Int32? {
        notices.fault(
            "this Apus was built without the trait AdminListener: build it without --traits and --disable-default-traits"
        )
        return ApusMain.Status.configuration
    }
}
#endif
