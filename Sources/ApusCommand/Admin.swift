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
    init?(_ proxy: ProxyServer, _ settings: ParsedSettings, _ notices: Notices) {
        guard settings.configuration.admin.isOn else { return nil }
        server = AdminServer(
            for: proxy,
            settingsFile: settings.file,
            ruleText: RuleText.describe,
            logger: Logger(label: "apus-admin") { _ in NoticeLogHandler(notices) }
        )
        server.adopt(settings.activation.admin)
        isAskedFor = settings.sources.keys.contains { $0.hasPrefix("admin.") }
        self.notices = notices
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
    init?(_ proxy: ProxyServer, _ settings: ParsedSettings, _ notices: Notices) {
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
