/// How the descriptors that a process may open are shared out: numbers alone.
///
/// Linux gives each new descriptor the lowest number that is free. So what strangers can bring about (clients, connections to origins, pipes)
/// is kept below ``ceiling`` by its number, and what is above is always there for the rest: look-ups, the admin listener, files that are read
/// anew, logs, libraries. Among these are some that end the process when there is none.
package struct DescriptorPlan: Sendable, Equatable {
    /// Accepted and connected sockets and pipes with this number or a higher one are closed at once.
    package let ceiling: Int
    /// How many clients there may be, each with a connection of its own to an origin.
    package let clients: Int
    /// How many clients of one thread beyond a cap are told so at a time.
    package let excess: Int
    /// How many pipes there may be for `splice`, of two descriptors each.
    package let pipes: Int
    /// How many threads may look up names, with two descriptors each: a look-up that goes on by TCP holds two.
    package let lookUps: Int
    /// How many connections the admin listener may have.
    package let admin: Int

    /// Files that are read anew, logs that are rotated, recordings, notices to the service manager, what libraries open for themselves.
    private static let files = 24
    /// The admin listener itself: its socket, what its thread waits with, the places for health alone.
    private static let adminOwn = 16
    /// Standard input, output and error, the log, what the process was started with.
    private static let opened = 8

    /// Shares them out.
    ///
    /// - Parameters:
    ///   - limit: how many the process may open (RLIMIT_NOFILE).
    ///   - threads: of the proxy, each with its own socket for every listener, a poller and a bell.
    package init(limit: Int, threads: Int, listeners: Int, lookUps: Int, pipes: Int, hasAdmin: Bool) {
        self.lookUps = max(lookUps, min(64, limit / 16))
        admin = min(128, max(16, limit / 64))
        let later = DescriptorPlan.files + 2 * self.lookUps + (hasAdmin ? admin + DescriptorPlan.adminOwn : 0)
        // Where so little is allowed, half of it is for the clients, and the rest has to do with the other half.
        ceiling = max(limit - later, limit / 2)
        self.pipes = min(pipes, limit / 32)
        excess = max(1, min(64, limit / 64) / max(1, threads))
        let others = DescriptorPlan.opened + threads * (2 + listeners + excess) + 2 * self.pipes
        clients = max(16, (ceiling - others) / 2)
    }
}

extension ProxyConfiguration {
    /// How the descriptors are shared out where so many may be opened.
    package func descriptorPlan(limit: Int, threads: Int) -> DescriptorPlan {
        DescriptorPlan(
            limit: limit,
            threads: threads,
            listeners: listeners.count,
            lookUps: names.threads,
            pipes: limits.pipes,
            hasAdmin: admin.isOn
        )
    }
}
