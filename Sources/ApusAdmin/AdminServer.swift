public import Apus
public import ApusPolicy
internal import FoundationEssentials
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
internal import Synchronization

/// Shows what a ``ProxyServer`` does, on a listener of its own: metrics, health, the page and its interface.
///
/// ```swift
/// let server = ProxyServer(configuration: configuration)
/// let admin = AdminServer(for: server)
/// ```
///
/// Both are services; the admin server is to begin first and to end last, so that it can tell that the proxy drains.
public final class AdminServer: Service, Sendable {
    private let server: ProxyServer
    private let settings: ProxyConfiguration.AdminSettings
    private let settingsFile: String?
    private let ruleText: @Sendable (Rule) -> String
    private let inForce: SettingsInForce?
    private let logger: Logger
    private let bound = Mutex(Binding())
    /// Where a UNIX socket is bound before it is open.
    private let file = Mutex<HostSocketFile?>(nil)
    /// A socket that somebody else has bound.
    private let handed = Mutex<SocketActivation.Socket?>(nil)

    private struct Binding {
        var result: Result<AdminAddress, AdminFault>?
        var waiting: [CheckedContinuation<Result<AdminAddress, AdminFault>, Never>] = []
    }

    /// The thread of all admin listeners of a process; it ends with the process.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    /// How long a connection may take for its first head.
    private static let firstHead = TimeAmount.seconds(5)
    /// How long a connection may stand still; an open stream of events has one each second.
    private static let stall = TimeAmount.seconds(30)
    /// How long an answer may take once the end has begun.
    private static let patience = Duration.seconds(2)

    /// Makes an admin server; nothing is bound before ``run()``.
    ///
    /// - Parameters:
    ///   - server: whose traffic is shown; its configuration says where.
    ///   - settingsFile: to be named on the page.
    ///   - ruleText: a rule as it would be written.
    ///   - inForce: what is known of the settings beside the server's own.
    ///   - logger: gets what Hummingbird has to say.
    public init(
        for server: ProxyServer,
        settingsFile: String? = nil,
        ruleText: @escaping @Sendable (Rule) -> String = { $0.name ?? "" },
        inForce: SettingsInForce? = nil,
        logger: Logger = Logger(label: "apus-admin")
    ) {
        self.server = server
        settings = server.configuration.admin
        self.settingsFile = settingsFile
        self.ruleText = ruleText
        self.inForce = inForce
        self.logger = logger
    }

    /// Has connections accepted from a socket that was handed over, in place of binding an address; before ``run()``.
    package func adopt(_ socket: SocketActivation.Socket?) { handed.withLock { $0 = socket } }

    /// Serves until the task is cancelled or a graceful shutdown begins.
    ///
    /// - Throws: ``AdminFault`` when it cannot begin.
    public func run() async throws {
        do {
            defer { file.withLock { _ = $0?.remove() } }
            try await serve()
            settle(.failure(.cannotListen(settings.listen, reason: "it ended before it had begun")))
        } catch {
            let fault = known ?? fault(of: error)
            settle(.failure(fault))
            throw fault
        }
    }

    /// Where it listens, with its true port; waits until it does.
    ///
    /// - Throws: what ``run()`` throws when it cannot begin.
    public var address: AdminAddress {
        get async throws(AdminFault) {
            let result = await withCheckedContinuation { continuation in
                let known = bound.withLock { bound in
                    if bound.result == nil { bound.waiting.append(continuation) }
                    return bound.result
                }
                if let known { continuation.resume(returning: known) }
            }
            return try result.get()
        }
    }

    /// Why it cannot begin, where that was found when it listened already.
    private var known: AdminFault? {
        guard case .failure(let fault)? = bound.withLock({ $0.result }) else { return nil }
        return fault
    }

    private func serve() async throws {
        try takeSocket()
        let feed = EventFeed()
        let token = try token()
        let isSocket = if case .socket = settings.listen { true } else { false }
        let names = settings.names + [ProcessInfo.processInfo.hostName.lowercased()]
        let access = AccessGuard(names: names, isSocket: isSocket, token: token)
        let facts = AdminFacts(
            address: { (try? await self.address)?.description ?? self.settings.listen.description },
            settingsFile: settingsFile,
            ruleText: ruleText,
            settings: inForce
        )
        let sampler = Sampler(server, feed, redactsQueries: server.configuration.log.queries, facts)
        var router = Router()
        Routes(server, facts, feed, sampler).add(to: &router)
        let gate = Gate(access: access, router: router, logger: logger)
        let sampling = Task { await sampler.run() }
        defer { sampling.cancel() }
        try await run(listener(gate), feed)
    }

    /// What accepts connections and has their requests answered.
    private func listener(_ gate: Gate) -> any Service {
        let table = placeTable
        let http = HTTP1Channel(
            responder: { (request, writer: consuming ResponseWriter, _) in try await gate.handle(request, writer) },
            configuration: .init(
                additionalChannelHandlers: [IdleStateHandler(writeTimeout: AdminServer.stall), StalledReaders()],
                idleTimeout: AdminServer.stall
            )
        )
        let channel = AdminChannel(http, table, patience: AdminServer.firstHead)
        guard let socket = handed.withLock({ $0 }) else {
            return channel.server(
                configuration: .init(address: bindAddress),
                onServerRunning: { self.began($0) },
                eventLoopGroup: AdminServer.group,
                logger: logger
            )
        }
        return HandedListener(
            descriptor: socket.descriptor,
            group: AdminServer.group,
            http: channel,
            table: table,
            logger: logger,
            began: { self.began($0) }
        )
    }

    /// Runs until the task is cancelled or a graceful shutdown begins; then the streams end, and answers under way are given.
    private func run(_ listener: any Service, _ feed: EventFeed) async throws {
        var configuration = ServiceGroupConfiguration(services: [listener], logger: logger)
        configuration.maximumGracefulShutdownDuration = AdminServer.patience
        let services = ServiceGroup(configuration: configuration)
        let end: @Sendable () -> Void = {
            feed.end()
            Task { await services.triggerGracefulShutdown() }
        }
        // Not the task itself, for its cancellation would break off every answer.
        let serving = Task { try await services.run() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await serving.value
            } onGracefulShutdown: {
                end()
            }
        } onCancel: {
            end()
        }
    }

    private var placeTable: PlaceTable {
        var places = ConnectionPlaces<ObjectIdentifier>.Settings()
        places.most = min(places.most, server.adminConnections)
        places.perAddress = min(places.perAddress, max(1, places.most / 2))
        return PlaceTable(places, bits: server.configuration.limits.clientBits)
    }

    private var bindAddress: BindAddress {
        switch settings.listen {
        case .address(let address): .hostname(address.host, port: Int(address.port))
        case .socket(let path): .unixDomainSocket(path: file.withLock { $0?.path } ?? path)
        }
    }

    /// It listens: the proxy lets nobody through to it.
    private func began(_ channel: any Channel) {
        if handed.withLock({ $0 }) != nil, case .socket = settings.listen { return settle(.success(settings.listen)) }
        switch settings.listen {
        case .address(let address):
            let port = channel.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? address.port
            guard let bound = ListenAddress(host: address.host, port: port) else { return }
            server.protect(bound)
            server.serves(page: bound)
            settle(.success(.address(bound)))
        case .socket:
            do throws(HostFault) {
                try file.withLock { file throws(HostFault) in _ = try file?.open() }
                settle(.success(settings.listen))
            } catch {
                settle(.failure(.cannotListen(settings.listen, reason: error.description)))
                channel.close(promise: nil)
            }
        }
    }

    private func settle(_ result: Result<AdminAddress, AdminFault>) {
        let waiting = bound.withLock { bound in
            guard bound.result == nil else { return [CheckedContinuation<Result<AdminAddress, AdminFault>, Never>]() }
            bound.result = result
            defer { bound.waiting = [] }
            return bound.waiting
        }
        for continuation in waiting { continuation.resume(returning: result) }
    }

    /// A socket that somebody listens on is not taken away; one that was left behind is, once this one is open.
    private func takeSocket() throws(AdminFault) {
        guard case .socket(let path) = settings.listen, handed.withLock({ $0 }) == nil else { return }
        guard !AdminServer.isTaken(path) else { throw .addressInUse(settings.listen) }
        do throws(HostFault) {
            let place = try HostSocketFile(path)
            file.withLock { $0 = place }
        } catch {
            throw .cannotListen(settings.listen, reason: error.description)
        }
    }

    private static func isTaken(_ path: String) -> Bool {
        do { _ = try HostConnection(path: path, milliseconds: 500) } catch { return false }
        return true
    }

    private func token() throws(AdminFault) -> String? {
        guard let path = settings.tokenFile else { return nil }
        let bytes: [UInt8]
        do throws(HostFile.Fault) { bytes = try HostFile.readWhole(path, upTo: 64 << 10) } catch {
            throw .noToken(path: path, reason: "the file cannot be read")
        }
        guard let token = AdminToken.parse(bytes) else { throw .noToken(path: path, reason: AdminToken.missing) }
        return token
    }

    /// The usual errnos of bind(2).
    private static func words(_ code: CInt) -> String {
        switch code {
        case 2: "the folder is not there"
        case 13: "permission denied"
        case 99: "it is no address of this machine"
        default: "errno \(code)"
        }
    }

    private func fault(of error: any Error) -> AdminFault {
        switch error {
        case let fault as AdminFault: fault
        case let error as IOError where error.errnoCode == 98: .addressInUse(settings.listen)
        case let error as IOError: .cannotListen(settings.listen, reason: AdminServer.words(error.errnoCode))
        default: .cannotListen(settings.listen, reason: "\(error)")
        }
    }
}
