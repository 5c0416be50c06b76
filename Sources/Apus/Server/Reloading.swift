public import ApusPolicy
internal import ApusWire
internal import Synchronization

extension ProxyServer {
    /// Puts other rules and settings in place of those that new requests are served by: all of them, or none.
    ///
    /// What runs keeps the rules it was decided by; with `endingDenied` what the new rules deny is ended. Limits and timeouts of
    /// the configuration count from the next request on. What only a start can change is named in the answer: listeners,
    /// threads, caps on connections, the log, the pool and the cache of names.
    ///
    /// - Parameter authenticator: takes the place of the one there was; all proofs are forgotten. Without one nobody is asked.
    /// - Returns: the keys of settings that differ and wait for the next start.
    /// - Throws: ``ConfigurationFault`` or `PolicyFault`; the old ones stay in force.
    @discardableResult
    public func reload(
        configuration: ProxyConfiguration,
        rules: PolicyRules,
        authenticator: (any Authenticator)?,
        endingDenied: Bool = false
    ) throws -> [String] {
        try replace(configuration, rules, endingDenied) { _ in authenticator }
    }

    /// Counts a reload that came to nothing before ``reload(configuration:rules:authenticator:endingDenied:)`` was called, as when the
    /// settings could not be read.
    ///
    /// - Parameter fault: what was wrong, for those who look.
    public func reloadFailed(_ fault: String? = nil) {
        life.shared?.reloads.withLock { reloads in
            reloads.end(with: fault, succeeded: false, at: HostProcess.secondsSince1970())
        }
    }

    /// Puts other rules and settings in place, and keeps the authenticator: see
    /// ``reload(configuration:rules:authenticator:endingDenied:)``.
    @discardableResult
    public func reload(
        configuration: ProxyConfiguration,
        rules: PolicyRules,
        endingDenied: Bool = false
    ) throws -> [String] {
        try replace(configuration, rules, endingDenied) { $0 }
    }

    /// Puts other rules in place of those that new requests are decided by: see
    /// ``reload(configuration:rules:authenticator:endingDenied:)``.
    public func reload(rules: PolicyRules, endingDenied: Bool = false) throws {
        try replace(nil, rules, endingDenied) { $0 }
    }

    /// Checks rules and makes them fast. A listener that only rules name is none that a client could come by: rules are shared
    /// by machines that listen elsewhere, so that it is no fault.
    ///
    /// - Parameter old: the policy in force: what is equal in both is one in memory.
    func compile(_ rules: PolicyRules, after old: CompiledPolicy? = nil) throws(PolicyFault) -> CompiledPolicy {
        let rules = rules.naming(listeners: configuration.namesByAddress)
        var listeners = configuration.listenerNames
        for rule in rules.rules {
            for name in rule.condition.listeners + rule.condition.exceptions.flatMap(\.listeners)
            where !listeners.contains(name) { listeners.append(name) }
        }
        return try CompiledPolicy(rules, listeners: listeners, routes: configuration.routes, sharing: old)
    }

    /// - Parameter configuration: nil for the one in force.
    @discardableResult
    private func replace(
        _ configuration: ProxyConfiguration?,
        _ rules: PolicyRules,
        _ endingDenied: Bool,
        _ authenticator: ((any Authenticator)?) -> (any Authenticator)?
    ) throws -> [String] {
        guard let shared = life.shared else { return [] }
        do {
            try configuration?.validate()
            let policy = try compile(rules, after: shared.newest.withLock { $0.snapshot.policy })
            // Built from the newest, numbered and posted under one lock: of two reloads at once each has a number of its own, none is built
            // from what the other has replaced, and all threads are told of both in the same order.
            let inForce = try shared.newest.withLock { newest in
                newest = try WorkerSettings(
                    configuration ?? newest.configuration,
                    policy,
                    authenticator(newest.authenticator),
                    shared,
                    after: newest
                )
                // Forgotten first: no thread finds by the new settings whom the old authenticator knew.
                let generation = shared.verifications.forget()
                shared.tell(.settings(newest, endsDenied: endingDenied, users: generation))
                return newest.configuration
            }
            shared.reloads.withLock { reloads in
                reloads.end(with: nil, succeeded: true, at: HostProcess.secondsSince1970())
            }
            return self.configuration.needingStart(than: inForce)
        } catch {
            reloadFailed("\(error)")
            throw error
        }
    }
}

extension WorkerSettings {
    /// The settings of a reload: what only a start can change is as in those before.
    fileprivate init(
        _ configuration: ProxyConfiguration,
        _ policy: CompiledPolicy,
        _ authenticator: (any Authenticator)?,
        _ shared: SharedState,
        after old: WorkerSettings
    ) throws {
        var destinations = old.rules.destinations
        destinations.allowPrivate = configuration.allowPrivate
        destinations.exceptions = try configuration.allowTo.map { try CIDR($0) }
        let rules = AccessRules(
            allowFrom: try configuration.allowFrom.map { try CIDR($0) },
            connectPorts: configuration.ports,
            destinations: destinations
        )
        self.init(
            configuration,
            rules: rules,
            pseudonym: old.pseudonym,
            hostName: old.hostName,
            threads: shared.mail.count,
            pipes: shared.plan.pipes,
            policy: old.policy,
            snapshot: PolicySnapshot(
                policy,
                usage: shared.usage.take(policy.rules.rules),
                serial: old.snapshot.serial &+ 1,
                after: old.snapshot
            ),
            authenticator: authenticator
        )
    }
}

extension ProxyConfiguration {
    /// The keys of the settings that differ and that only a start can change.
    func needingStart(than other: ProxyConfiguration) -> [String] {
        var keys: [String] = []
        if listeners != other.listeners || listenerOptions != other.listenerOptions { keys.append("listen") }
        if threads != other.threads { keys.append("threads") }
        if user != other.user { keys.append("run-as") }
        if viaPseudonym != other.viaPseudonym { keys.append("via-pseudonym") }
        if parents != other.parents { keys.append("parents") }
        if route != other.route { keys.append("route") }
        if log != other.log { keys.append("log") }
        if admin != other.admin { keys.append("admin") }
        if control != other.control { keys.append("control") }
        if recorder != other.recorder { keys.append("recorder") }
        if names != other.names { keys.append("names") }
        if limits.connections != other.limits.connections { keys.append("limits.connections") }
        if limits.connectionsPerClient != other.limits.connectionsPerClient {
            keys.append("limits.connections-per-client")
        }
        if limits.ipv6Prefix != other.limits.ipv6Prefix { keys.append("limits.ipv6-prefix") }
        if limits.tunnels != other.limits.tunnels { keys.append("limits.tunnels") }
        if limits.originConnections != other.limits.originConnections { keys.append("limits.connections-per-origin") }
        if limits.idlePerOrigin != other.limits.idlePerOrigin { keys.append("limits.idle-per-origin") }
        if limits.idleConnections != other.limits.idleConnections { keys.append("limits.idle-connections") }
        if timeouts.drain != other.timeouts.drain { keys.append("timeouts.drain") }
        if authentication.entries != other.authentication.entries { keys.append("authentication.entries") }
        if authentication.lifetime != other.authentication.lifetime { keys.append("authentication.lifetime") }
        if authentication.failures != other.authentication.failures { keys.append("authentication.failures") }
        if authentication.failureInterval != other.authentication.failureInterval {
            keys.append("authentication.failure-interval")
        }
        return keys
    }
}
