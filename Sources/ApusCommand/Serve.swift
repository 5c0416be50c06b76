import Apus

/// Serves until the process is told to stop; answers with the exit status.
func serve(_ configuration: ProxyConfiguration, _ notices: Notices) async -> Int32 {
    // The seam: `ProxyServer(configuration:).run()` goes here, the start lines after its addresses are bound (port 0), and
    // `StartFault` becomes `notices.fault` with status `cannotStart`.
    announce(configuration.listeners, notices)
    return ApusMain.Status.clean
}

/// Three lines: what it does and where, what to type next, how to stop it.
func announce(_ addresses: [ListenAddress], _ notices: Notices) {
    for line in StartLines.lines(addresses) { notices.say(line) }
}
