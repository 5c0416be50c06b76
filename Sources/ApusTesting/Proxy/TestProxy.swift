public import Apus
public import ApusFlow
internal import Logging

/// A running proxy on a free port of 127.0.0.1, with the records of what it served.
///
/// ```swift
/// let proxy = try await TestProxy.start(lookUp: { _ in ["127.0.0.1"] }) { configuration in
///     configuration.timeouts.head = .milliseconds(300)
/// }
/// let client = try RawClient(port: proxy.port)
/// ```
public final class TestProxy: Sendable {
    /// The server itself.
    public let server: ProxyServer
    /// The port that it listens on, of 127.0.0.1.
    public let port: UInt16
    private let book: RecordBook
    private let run: Task<Void, any Error>

    private init(_ server: ProxyServer, _ port: UInt16, _ book: RecordBook, _ run: Task<Void, any Error>) {
        self.server = server
        self.port = port
        self.book = book
        self.run = run
    }

    deinit { server.stop() }

    /// A configuration made for tests.
    ///
    /// One listener on 127.0.0.1 and a port that the system chooses, one thread, private destinations and every CONNECT port allowed, no
    /// log. What a peer or a program is waited for is waited for as long as ``Patience`` says. With `APUS_TEST_BODIES` in the environment
    /// so many bytes of each body are recorded, so that all that is tested can be tested that way too.
    ///
    /// - Throws: never what a test can do something about.
    public static func configuration() throws -> ProxyConfiguration {
        var configuration = ProxyConfiguration()
        configuration.listeners = try [ListenAddress(parsing: "127.0.0.1:0")]
        configuration.threads = 1
        configuration.allowPrivate = true
        configuration.connectPorts = .all
        configuration.log.format = .off
        configuration.timeouts.head = Patience.limit
        configuration.timeouts.announcement = Patience.limit
        configuration.timeouts.policy = Patience.limit
        configuration.timeouts.authentication = Patience.limit
        configuration.timeouts.lookUp = Patience.limit
        configuration.timeouts.connect = Patience.limit
        configuration.timeouts.firstByte = Patience.limit
        configuration.timeouts.requestBody = Patience.limit
        configuration.timeouts.responseBody = Patience.limit
        configuration.timeouts.clientIdle = Patience.limit
        configuration.timeouts.upstreamIdle = Patience.limit
        configuration.timeouts.drain = Patience.limit
        configuration.names.positive = Patience.limit
        configuration.names.negative = Patience.limit
        if let bodies = HostProcess.environment()["APUS_TEST_BODIES"].flatMap({ Int($0) }) {
            configuration.recorder.bodies = bodies
        }
        return configuration
    }

    /// Starts a proxy.
    ///
    /// The configuration to begin with is ``configuration()``.
    ///
    /// - Parameters:
    ///   - rules: the policy's rules.
    ///   - policy: decides about each request, as in ``ProxyServer``.
    ///   - authenticator: verifies credentials.
    ///   - lookUp: stands in for the resolver, so that names need no network.
    ///   - observer: is given each record too, on the proxy's threads.
    ///   - ownFaults: is told of each own fault in place of the stop of a debug build.
    ///   - change: changes the configuration.
    /// - Throws: what ``ProxyServer/run()`` throws.
    public static func start(
        rules: PolicyRules = PolicyRules(),
        policy: ProxyServer.Policy? = nil,
        authenticator: (any Authenticator)? = nil,
        lookUp: ProxyServer.LookUp? = nil,
        observer: ProxyServer.Observer? = nil,
        ownFaults: (@Sendable (OwnFault) -> Void)? = nil,
        _ change: (inout ProxyConfiguration) -> Void
    ) async throws -> TestProxy {
        var configuration = try Self.configuration()
        change(&configuration)
        let book = RecordBook()
        let server = ProxyServer(
            configuration: configuration,
            rules: rules,
            logger: Logger(label: "apus-test", factory: { _ in SwiftLogNoOpLogHandler() }),
            lookUp: lookUp,
            observer: { record in
                book.add(record)
                observer?(record)
            },
            authenticator: authenticator,
            policy: policy
        )
        if let ownFaults { server.handleOwnFaults(by: ownFaults) }
        let run = Task.detached { try await server.run() }
        let port = try await server.addresses.first?.port ?? 0
        return TestProxy(server, port, book, run)
    }

    /// Starts a proxy with the configuration for tests as it is.
    ///
    /// - Throws: what ``ProxyServer/run()`` throws.
    public static func start() async throws -> TestProxy { try await start { _ in } }

    /// `127.0.0.1:PORT`.
    public var address: String { "127.0.0.1:\(port)" }

    /// The records so far: one for each request and tunnel that has ended.
    public var records: [AccessRecord] { book.records }

    /// The first record that is so; waits for it, at most so long.
    ///
    /// A record is written when its request has ended, which may be a moment after the client has read the answer.
    ///
    /// - Returns: nil when none came.
    public func record(
        within limit: Duration = Patience.limit,
        where isWanted: @escaping @Sendable (AccessRecord) -> Bool = { _ in true }
    ) async -> AccessRecord? {
        await book.wait(within: limit) { $0.contains(where: isWanted) }.first(where: isWanted)
    }

    /// The records once there are so many; fewer when the time is over.
    public func records(count: Int, within limit: Duration = Patience.limit) async -> [AccessRecord] {
        await book.wait(within: limit) { $0.count >= count }
    }

    /// Takes no more clients, and waits until what runs has ended, as long as the configuration allows.
    ///
    /// - Throws: what ``ProxyServer/run()`` throws.
    public func drain() async throws {
        server.drain()
        try await run.value
    }

    /// Ends at once, and waits until its threads have ended.
    public func stop() async {
        server.stop()
        _ = await run.result
    }
}
