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
    /// Bytes a second below which a request body counts as stalled.
    var minimumBodyRate: UInt64
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
    private var ticks: [UInt32]
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
        let timeouts = configuration.timeouts
        requestLimits = limits.ofRequests
        responseLimits = limits.ofResponses
        requestChunks = ChunkLimits(extensionBytes: limits.chunkExtensions)
        responseChunks = .response(extensionBytes: limits.chunkExtensions)
        trailerLimit = limits.trailers
        lingerLimit = limits.linger
        minimumBodyRate = UInt64(limits.minimumBodyRate)
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
        ticks = WorkerSettings.ticks(timeouts, clientHello: configuration.serverNames.time)
    }

    /// How long a lingering close may take in all, in ticks: 30 s, as nginx's lingering_time.
    static let lingerInAll: UInt32 = 300

    /// For how long the guard waits for the addresses of a name that another proxy is to reach, in ticks: a second.
    private static let judgement: UInt32 = 10

    /// A thread's share of what is for all of them: at least one, unless there is none at all.
    static func share(_ count: Int, _ threads: Int) -> Int { count > 0 ? max(1, count / threads) : 0 }

    /// In the order of ``Deadline``.
    private static func ticks(_ timeouts: ProxyConfiguration.Timeouts, clientHello: Duration) -> [UInt32] {
        [
            0, 0, timeouts.head.ticks, timeouts.clientIdle.ticks, timeouts.connect.ticks, timeouts.requestBody.ticks,
            timeouts.firstByte.ticks, timeouts.responseBody.ticks, timeouts.tunnelIdle.ticks,
            timeouts.tunnelHalfClose.ticks, timeouts.stall.ticks, timeouts.linger.ticks,
            timeouts.halfClosedClient.ticks, clientHello.ticks, timeouts.authentication.ticks, timeouts.policy.ticks,
            timeouts.lookUp.ticks, timeouts.announcement.ticks, judgement,
        ]
    }

    /// How long a deadline is, in ticks of 100 ms.
    @inline(__always)
    func ticks(_ deadline: Deadline) -> UInt32 { ticks[Int(deadline.rawValue)] }
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
