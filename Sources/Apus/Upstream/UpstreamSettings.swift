internal import ApusFlow

/// The settings by which a thread reaches origins.
struct UpstreamSettings: Sendable {
    let dial: DialSettings
    /// Of the start: what is pooled, and which names are known, outlives a reload.
    let pool: UpstreamPoolSettings
    let names: NameCacheSettings
    /// For how long an idle connection stays, in ticks of 100 ms.
    let idleTicks: UInt32
    /// Whether an idle connection serves no other user, or client, than before.
    let keepsPoolsApart: Bool

    init(_ configuration: ProxyConfiguration, threads: Int) {
        let (limits, timeouts, names) = (configuration.limits, configuration.timeouts, configuration.names)
        dial = DialSettings(attemptDelay: timeouts.nextAddress.microseconds, timeout: timeouts.connect.microseconds)
        pool = UpstreamPoolSettings(
            idlePerOrigin: WorkerSettings.share(limits.idlePerOrigin, threads),
            idleInAll: WorkerSettings.share(limits.idleConnections, threads),
            idleTime: timeouts.upstreamIdle.microseconds,
            maxConnectionsPerOrigin: WorkerSettings.share(limits.originConnections, threads)
        )
        self.names = NameCacheSettings(
            positive: names.positive.microseconds,
            negative: names.negative.microseconds,
            maxEntries: names.entries
        )
        idleTicks = timeouts.upstreamIdle.ticks
        keepsPoolsApart = limits.idleSharing == .user
    }
}
