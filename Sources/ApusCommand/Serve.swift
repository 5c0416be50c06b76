import Apus
import ApusConfig
import ApusPolicy
import Logging
import UnixSignals

/// Serves until the process is told to stop; answers with the exit status.
func serve(
    _ settings: ParsedSettings,
    _ arguments: [String],
    _ environment: [String: String],
    _ notices: Notices
) async -> Int32 {
    let configuration = settings.configuration
    let authenticator: (any Authenticator)?
    do { authenticator = try await Users.authenticator(settings.policy) } catch {
        for line in error.description.split(separator: "\n") { notices.fault(String(line)) }
        return ApusMain.Status.configuration
    }
    let server = ProxyServer(
        configuration: configuration,
        rules: settings.policy.rules,
        logger: Logger(label: "apus") { _ in NoticeLogHandler(notices) },
        authenticator: authenticator
    )
    let admin = Admin(server, settings, notices)
    let reloader = Reloader(server, settings, arguments, environment, notices)
    let manager = ServiceManager(environment)
    let recordings = FlightRecords(server, notices)
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr1, .sigusr2)
    return await withTaskGroup(of: Int32?.self) { group in
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
                announce(try await server.addresses, configuration, notices)
                manager.tell(.ready)
            } catch {}
            return nil
        }
        group.addTask {
            await obey(signals, server, reloader, recordings, manager, notices)
            return nil
        }
        group.addTask {
            async let files: Void = reloader.watch()
            await recordings.watch()
            await files
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
private func obey(
    _ signals: UnixSignalsSequence,
    _ server: ProxyServer,
    _ reloader: Reloader,
    _ recordings: FlightRecords,
    _ manager: ServiceManager,
    _ notices: Notices
) async {
    var isDraining = false
    let limit = server.configuration.timeouts.drain.settingText
    for await signal in signals {
        switch signal {
        // Not waited for: TERM must not wait for a slow disk.
        case .sighup: Task { await reloader.reload() }
        case .sigusr1: server.reopenLogs()
        case .sigusr2: Task { await recordings.write(because: "USR2 came") }
        default:
            if isDraining {
                notices.say("ending at once")
                server.stop()
            } else {
                isDraining = true
                manager.tell(.stopping)
                notices.say("draining for up to \(limit); stop it once more to end at once")
                server.drain()
            }
        }
    }
}

/// Three lines: what it does and where, what to type next, how to stop it.
func announce(_ addresses: [ListenAddress], _ configuration: ProxyConfiguration, _ notices: Notices) {
    for line in StartLines.lines(addresses, allowFrom: configuration.allowFrom) { notices.say(line) }
}
