public import ApusAdvice
public import ApusFlow
public import ApusPolicy
internal import ApusWire
internal import Synchronization

extension ProxyServer {
    /// The rules that new requests are decided by: those of the last reload. Those it was made with while it does not run.
    public var currentRules: PolicyRules { life.shared?.newest.withLock { $0.snapshot.policy.rules } ?? rules }

    /// Why a request was decided as it was, by the rules that are now in force; nil for one that was not understood, and while
    /// the server does not run.
    public func explain(_ record: AccessRecord) -> ExplanationReport? {
        guard let settings = life.shared?.newest.withLock({ $0 }) else { return nil }
        guard !record.host.isEmpty, !record.method.isEmpty, let client = IPAddress(record.clientAddress) else {
            return nil
        }
        let question = PolicyQuestion(
            record.method,
            scheme: record.scheme.flatMap { Scheme(rawValue: $0) } ?? .http,
            host: record.host,
            port: record.port,
            path: record.path,
            from: client,
            user: record.user.map { .named($0) } ?? .unknown,
            groups: record.groups,
            listener: record.listener,
            time: record.startedAt / 1_000_000
        )
        let upstream = record.upstream.flatMap { try? ListenAddress(parsing: $0) }.flatMap { IPAddress($0.host) }
        var report = ExplanationReport(
            settings.snapshot.policy.rules,
            access: settings.rules,
            question: question,
            addresses: upstream.map { [$0] } ?? [],
            inside: settings.serverNames.question(record.serverName),
            entrance: Entrance(
                listener: record.listener,
                isLoopback: configuration.isLoopback(recorded: record.listener),
                requiresCredentials: settings.requiresCredentials
            )
        )
        report.names = settings.configuration.settingNames
        // Parents are those of the start.
        configuration.tellRoute(&report, settings.rules.destinations)
        return report
    }

    /// How much of the limit of a rule is used, and by whom most: an address or a user, nil where that is nobody alone, or is not known.
    ///
    /// - Parameter rule: its place in ``currentRules``.
    package func usage(ofRule rule: Int) -> (level: UsageLevel, name: String?)? {
        guard let shared = life.shared, let index = UInt16(exactly: rule) else { return nil }
        let snapshot = shared.newest.withLock { $0.snapshot }
        guard let limit = snapshot.usage.entry(index) else { return nil }
        // A rate, which goes by the other clock, is not looked at.
        let level = shared.usage.level(limit.number, at: UsageMoment(now: 0, unix: HostProcess.secondsSince1970()))
        guard let key = level.key else { return (level, nil) }
        if let client = key.client { return (level, client.description) }
        // Of users only hashes are kept; those who are ranked have names.
        let users = shared.top.ranking(.users, .start, by: .requests, limit: 1000).rows
        return (level, users.first { key.isOf(UserDigest(Array($0.name.utf8).span)) }?.name)
    }

    /// The least that a settings file would have to say for a refused request to be served; nil if it was not refused, or nothing is
    /// to be suggested.
    public func suggestion(for record: AccessRecord) -> RuleSuggestion? {
        guard let settings = life.shared?.newest.withLock({ $0 }) else { return nil }
        return RuleSuggestion(record, access: settings.rules)
    }
}
