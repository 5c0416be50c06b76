internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// Who asks for the addresses of a name.
struct Asking {
    let wait: WaitID
    let client: IPAddress
    let now: UInt64
}

/// The names of hosts that a thread knows, and its look-ups of those that it does not.
struct HostNames: ~Copyable {
    private let resolver: Resolver
    /// Where the thread is told of answers.
    private let mail: Mailbox<WorkerMessage>
    /// The number of the thread, by which the resolver tells whose tickets they are.
    private let number: Int
    /// How many bits of an IPv6 address name one client.
    private let clientBits: UInt8
    private var cache: NameCache

    init(
        _ resolver: Resolver,
        _ mail: Mailbox<WorkerMessage>,
        number: Int,
        clientBits: UInt8,
        _ settings: NameCacheSettings
    ) {
        self.resolver = resolver
        self.mail = mail
        self.number = number
        self.clientBits = clientBits
        cache = NameCache(settings)
    }

    /// What is known of a name.
    func find(_ host: Span<UInt8>, now: UInt64) -> NameLookUp { cache.lookUp(host, now: now) }

    /// A wait begins for the addresses of a name that are not known.
    mutating func wait(for host: Span<UInt8>, _ asking: Asking) -> NameJoin {
        let join = cache.join(host, waiter: asking.wait.number, now: asking.now)
        if case .joined(let ticket) = join {
            resolver.join(ticket: ticket, source: number, for: counted(asking.client))
        }
        return join
    }

    /// Has a name looked up for a wait that got a ticket for it; the thread is told by mail.
    func lookUp(_ host: String, ticket: UInt64, _ asking: Asking) {
        resolver.resolve(host, ticket: ticket, source: number, for: counted(asking.client)) { [mail] in
            mail.post(.resolved($0))
        }
    }

    /// A client as the resolver counts it.
    private func counted(_ client: IPAddress) -> ResolvedAddress {
        let client = client.counted(bits: clientBits)
        return ResolvedAddress(high: client.high, low: client.low, isV6: client.family == .v6)
    }

    /// A wait is over before its addresses have come: the look-up goes on for others.
    mutating func leave(_ wait: WaitID) { cache.forget(wait.number) }

    /// A wait has lasted as long as it may. Only a call that has itself been silent for half of that tells something of the name: another
    /// waited for its turn, and who else asks for the name may be sooner.
    ///
    /// - Parameter ticks: how long it may last, in ticks of 100 ms.
    mutating func giveUp(_ wait: WaitID, after ticks: UInt32, now: UInt64) {
        var isSilent = false
        if let ticket = cache.ticket(of: wait.number),
            let time = resolver.runningTime(ticket: ticket, source: number)
        {
            isSilent = time >= .milliseconds(50 * Int(ticks))
        }
        cache.gaveUp(wait.number, isSilent: isSilent, now: now)
    }

    /// The resolver has answered.
    ///
    /// - Returns: the waits that it has answered, as numbers.
    mutating func resolved(_ ticket: UInt64, _ found: NameAnswer, now: UInt64) -> [UInt64] {
        cache.answered(ticket, found, now: now)
    }
}

extension NameAnswer {
    /// What the resolver says, as the cache keeps it.
    init(_ answer: ResolverAnswer) {
        switch answer.result {
        case .success(let addresses):
            self = .addresses(
                AddressList(
                    addresses.map { address in
                        address.isV6
                            ? IPAddress(v6High: address.high, low: address.low)
                            : IPAddress(v4: UInt32(truncatingIfNeeded: address.low))
                    }
                )
            )
        case .failure(.notFound): self = .failed(.notFound)
        case .failure(.singleLabel): self = .failed(.singleLabel)
        case .failure(.tryAgain): self = .failed(.tryAgain)
        case .failure(.timedOut): self = .failed(.timedOut)
        case .failure(.queueFull): self = .failed(.queueFull)
        case .failure(.exhausted): self = .failed(.exhausted)
        case .failure(.other(let code)): self = .failed(.other(code))
        }
    }
}

extension LookUpFault {
    init(_ failure: LookUpFailure) {
        switch failure {
        case .notFound: self = .notFound
        case .singleLabel: self = .singleLabel
        case .tryAgain, .other: self = .failed
        case .timedOut: self = .timedOut
        case .queueFull: self = .overloaded
        case .exhausted: self = .exhausted
        }
    }
}
