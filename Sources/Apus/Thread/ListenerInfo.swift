internal import ApusReactor
internal import ApusWire

/// What a thread knows of one of its listeners.
struct ListenerInfo {
    let index: Int
    let address: SocketAddress
    /// Whether clients of this machine are served without being named.
    let isLoopback: Bool
    /// What rules and records call it: its name, or its address.
    let name: String
    /// The name's bytes, for log lines.
    let line: [UInt8]
    /// Its address, for clients.
    let place: String
    /// What its clients may speak.
    let protocols: ListenerProtocols
    /// The networks of those who announce clients by the PROXY protocol; empty where nobody may.
    let proxyProtocol: [CIDR]

    init(_ seed: ListenerSeed, index: Int) {
        self.index = index
        address = seed.address
        place = seed.place.description
        name = seed.options.name ?? place
        line = Array(name.utf8)
        protocols = seed.options.protocols
        proxyProtocol = seed.options.proxyProtocol
        isLoopback = IPAddress(seed.address).isLoopback && proxyProtocol.isEmpty
    }
}
