internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire
internal import Synchronization

/// All that one reactor thread owns: connections, pool, names, buffers. Its extensions are the stages of a request's way.
///
/// A value inside one handler object, so that an event checks exclusive access once and no step of it counts references.
struct Worker: ~Copyable {
    /// What the threads of a server share.
    let shared: SharedState
    /// This thread's number, from 0.
    let number: Int
    var settings: WorkerSettings
    var text: HeadText
    var fields = FieldTable()
    var clients = Slab<ClientConnection>()
    var tunnels = Tunnels()
    /// The clients that linger and have all of their answer.
    var lingering = LingerList()
    /// The records of clients that linger in front of the rest of their request.
    var owed: [UInt32: OwedRecord] = [:]
    var upstreams: Upstreams
    var parents: Parents
    var kept = RequestBufferPool()
    var gate: Gate
    var journal: Journal
    var listeners: [ListenerInfo] = []
    /// Who announced the clients that were announced.
    var announcers = AnnouncerTable()
    /// How many waits have begun.
    var serial: UInt32 = 0
    var isDraining = false
    var shortage: ShortageWatch
    /// How many clients are connected beyond a cap, to be told so.
    var excess = 0
    /// When the date of outgoing responses was last looked up, by the reactor's clock.
    var datedAt: UInt64 = 0

    init(shared: SharedState, number: Int) {
        self.shared = shared
        self.number = number
        let settings = shared.newest.withLock { $0 }
        self.settings = settings
        text = HeadText(pseudonym: settings.pseudonym)
        upstreams = Upstreams(
            settings.upstream,
            ownerKey: shared.ownerKey,
            names: HostNames(
                shared.resolver,
                shared.mail[number],
                number: number,
                clientBits: shared.clientBits,
                settings.upstream.names
            ),
            ownEnds: OwnEnds(shared.ownDials, settings.rules.destinations)
        )
        parents = Parents(settings.configuration, pseudonym: settings.pseudonym)
        gate = Gate(
            settings,
            users: KnownUsers(shared.verifications, shared.throttle, thread: number, settings),
            usage: QuotaLedger(shared.usage, bits: shared.clientBits)
        )
        journal = Journal(shared, settings.snapshot)
        shortage = ShortageWatch(shared)
    }

    /// The words of a request that runs; nil when nobody keeps them.
    func words(of client: ClientConnection) -> BufferedRequest? {
        client.kept == RequestBufferPool.none ? nil : kept[client.kept]
    }

    /// Whether the words of what runs are kept to its end: for a record, or for a policy that may come to deny it.
    var keepsWords: Bool { journal.isRead || gate.hasRules }

    /// How many clients are connected, in tunnels or not.
    var openClients: Int { clients.count + tunnels.count }

    /// Keeps the date of outgoing responses true to the second; the clock is read twice a second at most.
    mutating func refreshDate(_ io: inout ReactorIO) {
        guard io.now &- datedAt > 500_000 || datedAt == 0 else { return }
        datedAt = io.now
        var date: [UInt8] = []
        HTTPDate.write(secondsSince1970: SystemInfo.unixMicroseconds() / 1_000_000, into: &date)
        text.setDate(date)
    }
}
