internal import ApusFlow
package import ApusPolicy
internal import ApusReactor
internal import ApusWire
internal import Synchronization

/// From settings to running threads.
extension ProxyServer {
    /// Binds the listeners ahead of ``run()``, which takes them from here: for whoever gives up in between what binding takes. Clients
    /// wait until it serves.
    package func bind() throws {
        try configuration.validate()
        life.bound(try bindListeners())
    }

    private func bindListeners() throws(StartFault) -> BoundListeners {
        try BoundListeners(configuration, handed: life.handed, threads: threadCount)
    }

    private var threadCount: Int { configuration.threads > 0 ? configuration.threads : SystemInfo.processors() }

    /// Binds, builds what is shared, starts the threads.
    func start() throws -> SharedState {
        do {
            try configuration.validate()
            ReactorThread.ignoreBrokenPipe()
            let descriptors = ReactorThread.raiseDescriptorLimit()
            let threads = threadCount
            let bound = try life.takeBindings() ?? bindListeners()
            let protected = life.protected
            let shared: (SharedState, [Waker])
            do {
                shared = try share(bound, protected, threads: threads, descriptors: descriptors)
            } catch {
                bound.close()
                throw error
            }
            let all = life.started(.success((bound.addresses.map(\.listen), shared.0, threads)))
            // What was to be protected while the settings were made: no thread runs yet.
            shared.0.protect(Array(all.dropFirst(protected.count)))
            run(shared.0, shared.1, bound)
            return shared.0
        } catch {
            life.started(.failure(error))
            throw error
        }
    }

    private func share(
        _ bound: borrowing BoundListeners,
        _ protected: [ListenAddress],
        threads: Int,
        descriptors: Int
    ) throws -> (SharedState, [Waker]) {
        let plan = configuration.descriptorPlan(limit: descriptors, threads: threads)
        let policy = try compile(rules)
        let usage = SharedUsage()
        let snapshot = PolicySnapshot(policy, usage: usage.take(policy.rules.rules), serial: 1)
        var own = bound.addresses.map { (address: IPAddress($0.socket), port: $0.socket.port) }
        own += protected.compactMap(\.own)
        let guarding = DestinationGuard(
            allowPrivate: configuration.allowPrivate,
            exceptions: try configuration.allowTo.map { try CIDR($0) },
            ownListeners: own,
            interfaceAddresses: SystemInfo.interfaceAddresses().map { IPAddress($0) }
        )
        let access = AccessRules(
            allowFrom: try configuration.allowFrom.map { try CIDR($0) },
            connectPorts: configuration.ports,
            destinations: guarding
        )
        let settings = WorkerSettings(
            configuration,
            rules: access,
            pseudonym: Array((configuration.viaPseudonym ?? Self.pseudonym()).utf8),
            hostName: Array(SystemInfo.hostName().lowercased().utf8),
            threads: threads,
            pipes: plan.pipes,
            policy: self.policy,
            snapshot: snapshot,
            authenticator: authenticator
        )
        let caps = ClientCaps(configuration.caps(plan))
        let doorbells = try (0..<threads).map { _ in
            do throws(SocketError) { return try Waker() } catch {
                throw StartFault.noResources(reason: error.description)
            }
        }
        let log = try AccessLog.make(configuration.log, terminal: .current(), logger: logger)
        let shared = SharedState(
            settings: settings,
            plan: plan,
            caps: caps,
            throttle: ClientThrottle(
                configuration.authentication.throttle(bits: configuration.limits.clientBits)
            ),
            usage: usage,
            resolver: makeResolver(plan),
            mail: doorbells.map { Mailbox($0) },
            log: logger,
            access: log,
            observer: observer,
            recorder: configuration.recorder,
            ownFaults: OwnFaults(life.ownFaultHandler),
            hashKeys: .drawn()
        )
        return (shared, doorbells)
    }

    private func run(_ shared: SharedState, _ doorbells: [Waker], _ bound: borrowing BoundListeners) {
        for number in doorbells.indices {
            let seeds = bound.seeds(thread: number)
            let doorbell = doorbells[number]
            let life = life
            do throws(SocketError) {
                try ReactorThread.start(name: "apus-\(number)") {
                    life.threadEnded(serve(shared, number, doorbell, seeds))
                }
            } catch {
                for seed in seeds { _ = Listener(adopting: seed.descriptor) }
                shared.turns.ended(number)
                life.threadEnded(.noResources(reason: error.description))
                shared.tell(.stop)
            }
        }
    }

    private func makeResolver(_ plan: DescriptorPlan) -> Resolver {
        let names = configuration.names
        let settings = ResolverSettings(
            maxThreads: names.threads,
            mostThreads: plan.lookUps,
            mostOfOne: names.perClient,
            maxQueued: names.waiting,
            queueDeadline: configuration.timeouts.lookUp,
            singleLabel: names.singleLabel == .dns ? .dns : .hostsFile
        )
        guard let lookUp else { return Resolver(settings) }
        return Resolver(settings) { name in
            let addresses = lookUp(name).compactMap { IPAddress($0) }
            guard !addresses.isEmpty else { return .failure(.notFound) }
            return .success(addresses.map { ResolvedAddress(high: $0.high, low: $0.low, isV6: $0.family == .v6) })
        }
    }

    /// A name in Via unlike any other's, so that chained proxies do not look like loops (RFC 9110 §7.6.3).
    private static func pseudonym() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = String(UInt32.random(in: 0...UInt32.max, using: &generator), radix: 16)
        return "apus-" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// The life of one thread: its loop, until it is told to stop.
private func serve(
    _ shared: SharedState,
    _ number: Int,
    _ doorbell: Waker,
    _ seeds: [ListenerSeed]
) -> StartFault? {
    let handler = WorkerHandler(Worker(shared: shared, number: number), mail: shared.mail[number])
    defer {
        shared.lastAnswers.end(handler.lastAnswer())
        shared.turns.ended(number)
    }
    let pipes = shared.newest.withLock { $0.pipes }
    var isListening = false
    do throws(SocketError) {
        try runReactor(handler: handler, doorbell: doorbell) { io in
            isListening = true
            io.limitDescriptors(below: shared.plan.ceiling)
            io.limitPipes(to: pipes.count, size: pipes.size)
            for seed in seeds { handler.listen(seed, &io) }
        }
        return nil
    } catch {
        // Else the kernel went on giving this thread its share of the clients.
        if !isListening { for seed in seeds { _ = Listener(adopting: seed.descriptor) } }
        shared.tell(.stop)
        return .noResources(reason: error.description)
    }
}

extension ProxyConfiguration {
    /// The ports as the policy takes them.
    package var ports: ApusPolicy.ConnectPorts {
        switch connectPorts {
        case .all: .all
        case .only(let ports): ApusPolicy.ConnectPorts(ports)
        }
    }

    /// The caps; what is not set is derived from the descriptors.
    func caps(_ plan: DescriptorPlan) -> ClientCapSettings {
        let connections = limits.connections > 0 ? limits.connections : plan.clients
        return ClientCapSettings(
            perClient: limits.connectionsPerClient,
            inAll: connections,
            tunnels: limits.tunnels > 0 ? limits.tunnels : connections,
            bits: limits.clientBits
        )
    }
}

extension ProxyConfiguration.AuthenticationSettings {
    /// The bounds of failures.
    func throttle(bits: UInt8) -> FailureThrottleSettings {
        FailureThrottleSettings(failures: failures, interval: failureInterval.microseconds, bits: bits)
    }
}
