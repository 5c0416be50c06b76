import Apus
import ApusConfig
import Logging
import UnixSignals

/// Serves until the process is told to stop; answers with the exit status.
func serve(_ configuration: ProxyConfiguration, _ notices: Notices) async -> Int32 {
    let server = ProxyServer(
        configuration: configuration,
        logger: Logger(label: "apus") { _ in NoticeLogHandler(notices) }
    )
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr1)
    return await withTaskGroup(of: Int32?.self) { group in
        group.addTask { await run(server, notices) }
        group.addTask {
            do { announce(try await server.addresses, configuration, notices) } catch {}
            return nil
        }
        group.addTask {
            await obey(signals, server, configuration, notices)
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
        notices.fault("\(error)")
        return error is ConfigurationFault ? ApusMain.Status.configuration : ApusMain.Status.cannotStart
    }
}

/// TERM and INT drain, a second one ends at once; HUP has nothing to reload yet; USR1 opens the log anew.
private func obey(
    _ signals: UnixSignalsSequence,
    _ server: ProxyServer,
    _ configuration: ProxyConfiguration,
    _ notices: Notices
) async {
    var isDraining = false
    let limit = configuration.timeouts.drain.settingText
    for await signal in signals {
        switch signal {
        case .sighup: notices.say("there is no settings file to reload: nothing has changed")
        case .sigusr1: server.reopenLogs()
        default:
            if isDraining {
                notices.say("ending at once")
                server.stop()
            } else {
                isDraining = true
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
