/// The variables by which a service manager speaks to one process.
package enum ServiceVariables {
    /// sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3): a child that inherits them would take itself for the service.
    package static let names = [
        "LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID",
        "WATCHDOG_USEC",
    ]
}
