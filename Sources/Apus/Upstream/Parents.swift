internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The proxies behind this one, as a thread knows them: what they are, which are in service, and how far the requests are that look for a way
/// by them. They are those of the start: only that can change them.
struct Parents: ~Copyable {
    private let list: [Parent]
    private var health: ParentHealthTable
    private var trips = Slab<RouteTrip>()

    init(_ configuration: ProxyConfiguration, pseudonym: [UInt8]) {
        list = configuration.parents.map { Parent($0, configuration, pseudonym: pseudonym) }
        health = ParentHealthTable(list.map(\.health))
    }

    /// How many requests look for a way.
    var tripCount: Int { trips.count }

    /// Which parents are in service, by their names.
    var services: [(name: String, isUp: Bool)] {
        list.indices.map { (list[$0].settings.name, health.isUp($0)) }
    }

    /// The parent of a number, from 1; nil for 0, which is the direct way.
    subscript(number: UInt8) -> Parent? { number > 0 && Int(number) <= list.count ? list[Int(number) - 1] : nil }
}

// MARK: - Ways

extension Parents {
    /// A request begins to look for a way.
    mutating func begin(_ trip: inout UInt32) { trip = trips.insert(RouteTrip()) }

    /// It has found one, or is over.
    mutating func end(_ trip: inout UInt32) {
        guard trip != RouteTrip.none else { return }
        trips.remove(trip)
        trip = RouteTrip.none
    }

    /// How far a request is.
    subscript(trip index: UInt32) -> RouteTrip {
        get { trips[index] }
        set { trips[index] = newValue }
    }

    /// The next way of a request that may be tried; nil where none is left.
    mutating func next(_ trip: UInt32, now: UInt64) -> Route.Hop? {
        switch trips[trip].next(health, now: now) {
        case nil: return nil
        case .direct?: return .direct
        case .parent(let place)?:
            guard Int(place) < list.count else { return nil }
            health.tries(Int(place), patience: list[Int(place)].dial.timeout, now: now)
            return .parent(place + 1)
        }
    }
}

// MARK: - Health

extension Parents {
    /// A parent has answered.
    ///
    /// - Returns: whether it was out of service.
    mutating func answered(_ number: UInt8) -> Bool { number > 0 && health.answered(Int(number) - 1) }

    /// A parent could not be reached, or what it said is no answer.
    ///
    /// - Returns: whether it is out of service from now.
    mutating func failed(_ number: UInt8, now: UInt64) -> Bool {
        number > 0 && health.failed(Int(number) - 1, spread: .random(in: 0...UInt32.max), now: now)
    }
}

// MARK: - Handshakes

extension Parents {
    /// A connection to a parent stands: the first message to it. Empty for a parent that is not known any more.
    mutating func open(_ trip: UInt32, _ number: UInt8, _ host: Span<UInt8>, _ target: ParentTarget) -> [UInt8] {
        guard let parent = self[number] else { return [] }
        let opening = trips[trip].opens(parent.language, provesItself: parent.message.provesItself)
        return parent.message.bytes(opening, to: host, target.address, port: target.port)
    }

    /// Bytes of a parent: all that are not consumed yet.
    mutating func heard(
        _ trip: UInt32,
        _ bytes: Span<UInt8>,
        limits: HeadLimits,
        _ fields: inout FieldTable
    ) -> HandshakeStep {
        trips[trip].heard(bytes, limits: limits, fields: &fields)
    }
}

/// A proxy behind this one, as it is reached.
struct Parent: Sendable {
    let settings: ParentSettings
    let language: ParentHandshake.Language
    /// Whether it is told names, and not addresses.
    let takesNames: Bool
    /// Its own host as names are known, and its address where it is one.
    let host: [UInt8]
    let literal: IPAddress?
    let message: ParentMessage
    let dial: DialSettings
    /// How long it may take until a connection by it stands, in ticks of 100 ms.
    let ticks: UInt32
    let health: ParentHealthSettings

    init(_ settings: ParentSettings, _ configuration: ProxyConfiguration, pseudonym: [UInt8]) {
        self.settings = settings
        language = settings.scheme == .http ? .http : .socks5
        takesNames = configuration.connectsByName(settings)
        literal = IPAddress(settings.host)
        host = Array(settings.host.lowercased().utf8)
        message = ParentMessage(
            user: settings.credentials?.user.bytes,
            password: settings.credentials?.password.bytes ?? [],
            pseudonym: pseudonym
        )
        dial = DialSettings(
            attemptDelay: configuration.timeouts.nextAddress.microseconds,
            timeout: settings.timeout.microseconds
        )
        ticks = settings.timeout.ticks
        health = ParentHealthSettings(
            failures: UInt16(clamping: settings.health.failures),
            backOff: settings.health.backOff.microseconds
        )
    }

    /// Whether a plain request is sent to it as it is, in absolute form; else a handshake comes first, and then the request as to an origin.
    func takesPlainRequests(_ isConnect: Bool) -> Bool { language == .http && takesNames && !isConnect }
}

/// Whom a parent is to reach.
struct ParentTarget {
    /// Nil where it is told the name.
    let address: IPAddress?
    let port: UInt16
}

extension RouteTrip {
    /// A request that goes by no parent, or has found its way, has none.
    static let none = UInt32.max
}
