internal import ApusWire

/// Which connections have a place on the admin listener: pure, so that every order of events can be tried.
///
/// Who asks nothing gives way, the longest idle first: of the same address where that has as many as one may have, else of all.
/// Where nobody is idle a few places are left in which health alone is answered.
struct ConnectionPlaces<ID: Hashable & Sendable>: Sendable {
    /// How many there are.
    struct Settings: Sendable {
        /// In all, but for ``health``.
        var most = 256
        /// Of one client's address, so that no stranger takes all of them.
        var perAddress = 64
        /// For health alone.
        var health = 8
    }

    /// What a new connection gets.
    enum Entry: Equatable, Sendable {
        /// A place, perhaps another one's, which is to be closed.
        case place(leaves: ID?)
        /// A place in which only health is answered.
        case health(leaves: ID?)
        /// None: it is to be closed.
        case none
    }

    private struct Connection {
        let address: IPAddress?
        let isForHealth: Bool
    }

    private let settings: Settings
    private var connections: [ID: Connection] = [:]
    /// Those that nobody has asked anything on, or has no more, the longest first.
    private var idle: [ID] = []

    init(_ settings: Settings = Settings()) { self.settings = settings }

    /// How many there are.
    var count: Int { connections.count }

    /// A client has connected; it is idle at first.
    ///
    /// - Parameter address: by what it is counted; nil for a UNIX socket.
    mutating func enter(_ id: ID, from address: IPAddress?) -> Entry {
        let own = connections.values.count(where: { !$0.isForHealth && $0.address == address })
        let isFull = connections.values.count(where: { !$0.isForHealth }) >= settings.most
        let isMany = address != nil && own >= settings.perAddress
        if isFull || isMany {
            let leaving = idle.first { other in
                connections[other].map { !$0.isForHealth && (!isMany || $0.address == address) } ?? false
            }
            guard let leaving else { return enterForHealth(id, address) }
            leave(leaving)
            add(id, Connection(address: address, isForHealth: false))
            return .place(leaves: leaving)
        }
        add(id, Connection(address: address, isForHealth: false))
        return .place(leaves: nil)
    }

    private mutating func enterForHealth(_ id: ID, _ address: IPAddress?) -> Entry {
        var leaving: ID?
        if connections.values.count(where: \.isForHealth) >= settings.health {
            leaving = idle.first { connections[$0]?.isForHealth == true }
            guard let leaving else { return .none }
            leave(leaving)
        }
        add(id, Connection(address: address, isForHealth: true))
        return .health(leaves: leaving)
    }

    /// A request has come on it.
    mutating func begins(_ id: ID) { idle.removeAll { $0 == id } }

    /// Every request on it is answered.
    mutating func ends(_ id: ID) {
        guard connections[id] != nil, !idle.contains(id) else { return }
        idle.append(id)
    }

    /// It is closed.
    mutating func leave(_ id: ID) {
        connections[id] = nil
        idle.removeAll { $0 == id }
    }

    private mutating func add(_ id: ID, _ connection: Connection) {
        connections[id] = connection
        idle.append(id)
    }
}
