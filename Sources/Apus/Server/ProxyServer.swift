public import ApusFlow
public import ApusPolicy
internal import ApusReactor
internal import ApusWire
public import Logging
public import ServiceLifecycle
internal import Synchronization

/// An HTTP forward proxy in this process.
///
/// ```swift
/// let server = ProxyServer(
///     configuration: configuration,
///     policy: { ask in ask.host == "example.org" ? .allow : .deny(reason: "Only example.org may be reached.") }
/// )
/// try await server.run()
/// ```
///
/// Several servers may run in one process; each has its own threads, pool and log.
public final class ProxyServer: Service, Sendable {
    /// Decides about a request after the built-in rules; runs outside of the data path, with the deadline
    /// `Timeouts.policy`. The destination guard still judges the addresses of what it allows.
    public typealias Policy = @Sendable (Ask) async -> Verdict

    /// Is given the record of each request and tunnel when it ends, on the thread that served it: it must not block.
    public typealias Observer = @Sendable (AccessRecord) -> Void

    /// Looks up a name in place of the system's resolver; called on a thread that may block.
    public typealias LookUp = @Sendable (_ name: String) -> [String]

    /// The settings it was made with.
    public let configuration: ProxyConfiguration

    /// The rules it was made with; ``reload(configuration:rules:authenticator:endingDenied:)`` puts others in their place.
    public let rules: PolicyRules

    let policy: Policy?
    let authenticator: (any Authenticator)?
    let observer: Observer?
    let logger: Logger
    let lookUp: LookUp?
    let life = ServerLife()

    /// Makes a server; nothing is bound or started before ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: checked by ``run()``.
    ///   - rules: the policy's rules; without any, what the configuration allows is allowed.
    ///   - logger: gets warnings and notices, never access lines.
    ///   - lookUp: stands in for the system's resolver, for tests above all; answers addresses as text.
    ///   - observer: is given each ``AccessRecord``.
    ///   - authenticator: verifies credentials; without one nobody is asked for any.
    ///   - policy: decides about each request.
    public init(
        configuration: ProxyConfiguration = ProxyConfiguration(),
        rules: PolicyRules = PolicyRules(),
        logger: Logger = Logger(label: "apus"),
        lookUp: LookUp? = nil,
        observer: Observer? = nil,
        authenticator: (any Authenticator)? = nil,
        policy: Policy? = nil
    ) {
        self.configuration = configuration
        self.rules = rules
        self.logger = logger
        self.lookUp = lookUp
        self.observer = observer
        self.authenticator = authenticator
        self.policy = policy
    }

    /// Serves until the task is cancelled, a graceful shutdown begins or ``drain()`` is called; then drains for
    /// `Timeouts.drain` at most.
    ///
    /// - Throws: ``ConfigurationFault`` or ``StartFault`` when it cannot start.
    public func run() async throws {
        let running = try start()
        switch life.takeEarly() {
        case .drain?: drain()
        case .stop?: stop()
        default: break
        }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await life.ended()
            } onGracefulShutdown: {
                self.drain()
            }
        } onCancel: {
            self.drain()
        }
        running.access?.close()
        if let dropped = running.access?.dropped, dropped > 0 {
            let lines = dropped == 1 ? "1 access line was" : "\(dropped) access lines were"
            logger.warning("\(lines) dropped: the log was not there, or took them too slowly")
        }
        running.ownFaults.end(logger)
        if let fault = life.fault { throw fault }
    }

    /// The bound addresses, in the order of `configuration.listeners`, with true ports; waits until they are bound.
    ///
    /// - Throws: what ``run()`` throws when it cannot start.
    public var addresses: [ListenAddress] {
        get async throws { try await life.addresses() }
    }

    /// Has clients accepted from sockets that were handed over, in place of binding their addresses; before ``run()``.
    package func adopt(_ sockets: [SocketActivation.Socket]) { life.handed = sockets }

    /// Has own faults told to this in place of the stop of a debug build: for tests that provoke some; before ``run()``.
    package func handleOwnFaults(by handler: @escaping @Sendable (OwnFault) -> Void) { life.ownFaultHandler = handler }

    /// Takes no more clients; what runs may come to its end within `Timeouts.drain`, then it is closed.
    public func drain() {
        guard let shared = life.beginDrain() else { return }
        shared.tell(.drain)
        let limit = configuration.timeouts.drain
        life.limitDrain(
            Task.detached { [life] in
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                life.beginStop()?.tell(.stop)
            }
        )
    }

    /// Ends at once: what runs is closed, with its record.
    public func stop() {
        life.beginStop()?.tell(.stop)
    }

    /// Keeps everybody from reaching an address of this process through the proxy, as its own listeners are kept; an admin
    /// listener is one.
    public func protect(_ address: ListenAddress) {
        life.protect(address)?.protect([address])
    }

    /// Has the proxy's own page name the admin page to clients of this machine.
    package func serves(page address: ListenAddress) { life.serves(page: address) }

    /// How many connections an admin listener of this process may have, so that there are descriptors for all else.
    package var adminConnections: Int {
        let limit = ReactorThread.raiseDescriptorLimit()
        return configuration.descriptorPlan(limit: limit, threads: configuration.threads).admin
    }

    /// Has all credentials verified again, as after a change of the users; requests and tunnels that run go on.
    public func forgetUsers() { life.shared?.forgetUsers() }

    /// Opens the log file anew, as after its rotation; on a fault the old one stays and the logger is told.
    public func reopenLogs() {
        guard let access = life.shared?.access else { return }
        do {
            try access.reopen()
        } catch {
            logger.error("the access log cannot be opened anew, the old one stays: \(error)")
        }
    }
}

extension ListenAddress {
    /// As the destination guard knows it.
    var own: (address: IPAddress, port: UInt16)? { IPAddress(host).map { (address: $0, port: port) } }
}
