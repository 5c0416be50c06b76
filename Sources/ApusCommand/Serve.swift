import Apus
import ApusConfig
import ApusPolicy
import Logging

/// Serves until the process is told to stop; answers with the exit status.
func serve(
    _ settings: ParsedSettings,
    _ arguments: [String],
    _ environment: [String: String],
    _ notices: Notices
) async -> Int32 {
    let configuration = settings.configuration
    let authenticator: (any Authenticator)?
    do {
        authenticator = try await Users.authenticator(settings.policy, ipv6Prefix: configuration.limits.ipv6Prefix)
    } catch {
        error.description.split(separator: "\n").forEach { notices.fault(String($0)) }
        return ApusMain.Status.configuration
    }
    let server = ProxyServer(
        configuration: configuration,
        rules: settings.policy.rules,
        logger: Logger(label: "apus") { _ in NoticeLogHandler(notices) },
        authenticator: authenticator
    )
    server.adopt(settings.activation.clients)
    if let status = Privileges.giveUp(server, notices) { return status }
    let manager = ServiceManager(environment)
    let reloader = Reloader(server, settings, arguments, environment, notices, manager)
    let admin = Admin(server, settings, reloader, notices)
    let recordings = FlightRecords(server, notices)
    let ending = Ending(server, manager, notices)
    let control = Control(server, reloader, ending) { await admin?.place }
    do throws(HostFault) { try obey(server, reloader, recordings, ending) } catch {
        notices.fault("signals cannot be heard: \(error)")
        return ApusMain.Status.cannotStart
    }
    if let status = control.begin(settings, environment, notices) { return status }
    // Not waited for at the end: a file that they read may hang.
    let feed = ServiceFeed(manager, server, notices)
    let watching = [
        Task { await reloader.watch() }, Task { await recordings.watch() }, Task { await feed.run() },
    ]
    defer { for task in watching { task.cancel() } }
    let status = await serve(server, admin, configuration, manager, notices)
    await control.finish()
    return status
}

/// Runs the server beside its admin listener, to the end of either.
private func serve(
    _ server: ProxyServer,
    _ admin: Admin?,
    _ configuration: ProxyConfiguration,
    _ manager: ServiceManager,
    _ notices: Notices
) async -> Int32 {
    await withTaskGroup(of: Int32?.self) { group in
        if let admin {
            group.addTask {
                await admin.run()
                return nil
            }
        }
        group.addTask {
            if let status = await admin?.begun() { return status }
            return await run(server, notices)
        }
        group.addTask {
            do {
                let addresses = try await server.addresses
                // Where a page is that nobody can reach is no news: the proxy is bound first.
                await admin?.announce()
                announce(addresses, configuration, notices)
                manager.tell(.ready)
            } catch {}
            return nil
        }
        for await status in group {
            guard let status else { continue }
            group.cancelAll()
            return status
        }
        return ApusMain.Status.clean
    }
}

/// Runs the server to its end.
private func run(_ server: ProxyServer, _ notices: Notices) async -> Int32 {
    do {
        try await server.run()
        return ApusMain.Status.clean
    } catch {
        for line in "\(error)".split(separator: "\n") { notices.fault(String(line)) }
        let isOfSettings = error is ConfigurationFault || error is PolicyFault
        return isOfSettings ? ApusMain.Status.configuration : ApusMain.Status.cannotStart
    }
}

/// TERM and INT drain, a second one ends at once; HUP reads the settings anew; USR1 opens the log anew; USR2 writes a
/// recording.
///
/// Signals come on a thread of their own, and whatever could wait for a disk or a terminal is done elsewhere: TERM never waits.
private func obey(
    _ server: ProxyServer,
    _ reloader: Reloader,
    _ recordings: FlightRecords,
    _ ending: Ending
) throws(HostFault) {
    let logs = Errand { server.reopenLogs() }
    try HostSignal.watch { signal in
        switch signal {
        case .hangUp: Task { await reloader.reload() }
        case .user1: Task { await logs.run() }
        case .user2: Task { await recordings.write(because: "USR2 came") }
        case .terminate, .interrupt: ending.signalled()
        }
    }
}

/// Three lines: what it does and where, what to type next, how to stop it.
func announce(_ addresses: [ListenAddress], _ configuration: ProxyConfiguration, _ notices: Notices) {
    for line in StartLines.lines(addresses, allowFrom: configuration.allowFrom) { notices.say(line) }
}
