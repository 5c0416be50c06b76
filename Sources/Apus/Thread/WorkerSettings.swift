internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The immutable snapshot of settings by which a thread works; swapped whole.
struct WorkerSettings: Sendable {
    var requestLimits: HeadLimits
    var responseLimits: HeadLimits
    var requestChunks: ChunkLimits
    var responseChunks: ChunkLimits
    var trailerLimit: Int
    var lingerLimit: Int
    var rules: AccessRules
    var pseudonym: [UInt8]
    /// How origins are reached.
    let upstream: UpstreamSettings
    var policy: ProxyServer.Policy?
    /// The name inside a tunnel.
    var serverNames: ProxyConfiguration.ServerNameSettings
    /// The rules, compiled.
    var snapshot: PolicySnapshot
    var authenticator: (any Authenticator)?
    /// Whether there is one: asked for each request, where a look at it would count a reference.
    let asksCredentials: Bool
    /// Whether nobody is served without credentials.
    var requiresCredentials: Bool
    /// How many proofs a thread remembers.
    var userEntries: Int
    /// For how long, in microseconds.
    var userLifetime: UInt64
    var hostName: [UInt8]
    /// How long the deadlines are.
    let times: DeadlineTimes
    /// The thread's share of the pipes, and the size of one in bytes.
    let pipes: (count: Int, size: Int)
    /// What they were made of.
    let configuration: ProxyConfiguration

    init(
        _ configuration: ProxyConfiguration,
        rules: AccessRules,
        pseudonym: [UInt8],
        hostName: [UInt8],
        threads: Int,
        pipes: Int,
        policy: ProxyServer.Policy?,
        snapshot: PolicySnapshot,
        authenticator: (any Authenticator)?
    ) {
        self.configuration = configuration
        let limits = configuration.limits
        requestLimits = limits.ofRequests
        responseLimits = limits.ofResponses
        requestChunks = ChunkLimits(extensionBytes: limits.chunkExtensions)
        responseChunks = .response(extensionBytes: limits.chunkExtensions)
        trailerLimit = limits.trailers
        lingerLimit = limits.linger
        self.rules = rules
        self.pseudonym = pseudonym
        self.hostName = hostName
        self.policy = policy
        self.snapshot = snapshot
        self.authenticator = authenticator
        asksCredentials = authenticator != nil
        let required = configuration.authentication.required
        requiresCredentials =
            authenticator != nil && (required == .always || required == .auto && snapshot.policy.isEmpty)
        userEntries = configuration.authentication.entries
        userLifetime = configuration.authentication.lifetime.microseconds
        serverNames = configuration.serverNames
        upstream = UpstreamSettings(configuration, threads: threads)
        self.pipes = (WorkerSettings.share(min(limits.pipes, pipes), threads), limits.pipeSize)
        times = DeadlineTimes(configuration)
    }

    /// A thread's share of what is for all of them: at least one, unless there is none at all.
    static func share(_ count: Int, _ threads: Int) -> Int { count > 0 ? max(1, count / threads) : 0 }
}

extension DeadlineTimes {
    fileprivate init(_ configuration: ProxyConfiguration) {
        self.init()
        let timeouts = configuration.timeouts
        self[.head] = timeouts.head.ticks
        self[.keepAlive] = timeouts.clientIdle.ticks
        self[.reach] = timeouts.connect.ticks
        self[.requestBody] = timeouts.requestBody.ticks
        self[.firstByte] = timeouts.firstByte.ticks
        self[.responseBody] = timeouts.responseBody.ticks
        self[.tunnel] = timeouts.tunnelIdle.ticks
        self[.halfClose] = timeouts.tunnelHalfClose.ticks
        self[.flush] = timeouts.stall.ticks
        self[.linger] = timeouts.linger.ticks
        self[.clientEnded] = timeouts.halfClosedClient.ticks
        self[.clientHello] = configuration.serverNames.time.ticks
        self[.authentication] = timeouts.authentication.ticks
        self[.policy] = timeouts.policy.ticks
        self[.lookUp] = timeouts.lookUp.ticks
        self[.announcement] = timeouts.announcement.ticks
        // For the guard, while it waits for the addresses of a name that another proxy is to reach: a second.
        self[.judgement] = 10
        // 30 s, as nginx's lingering_time.
        lingerInAll = 300
        minimumBodyRate = UInt64(configuration.limits.minimumBodyRate)
    }
}

extension ProxyConfiguration.Limits {
    fileprivate var ofRequests: HeadLimits {
        HeadLimits(
            startLine: requestLine,
            fieldLine: fieldLine > 0 ? fieldLine : requestHead,
            head: requestHead,
            fields: fields
        )
    }

    fileprivate var ofResponses: HeadLimits {
        HeadLimits(startLine: responseHead, fieldLine: responseHead, head: responseHead, fields: fields)
    }
}

extension Duration {
    /// In microseconds, at most some thousand years.
    var microseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, min(seconds, 1 << 40))) * 1_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000_000)
    }

    /// In ticks of 100 ms, rounded up, at least one.
    var ticks: UInt32 { UInt32(clamping: max(1, (microseconds + 99_999) / 100_000)) }
}
