internal import ApusReactor

/// How near a server is to its caps; asked for without its threads.
package struct Occupancy: Sendable, Equatable {
    /// Connections of clients now.
    package var clients = 0
    /// The most there may be; 0 for no bound.
    package var mostClients = 0
    /// Tunnels now.
    package var tunnels = 0
    /// The most there may be; 0 for no bound.
    package var mostTunnels = 0
    /// Descriptors that are open in the process.
    package var descriptors = 0
    /// The most the process may open.
    package var mostDescriptors = 0
}

extension ProxyServer {
    /// How near it is to its caps; all zero while it does not run.
    package var occupancy: Occupancy {
        var occupancy = Occupancy()
        guard let shared = life.shared else { return occupancy }
        let bounds = shared.caps.bounds
        occupancy.clients = shared.caps.connectionCount
        occupancy.mostClients = bounds.inAll
        occupancy.tunnels = shared.caps.tunnelCount
        occupancy.mostTunnels = bounds.tunnels
        // The one by which they are counted is open too.
        occupancy.descriptors = max(0, OwnFolder.names("/proc/self/fd").count - 1)
        occupancy.mostDescriptors = ReactorThread.raiseDescriptorLimit()
        return occupancy
    }

    /// When it began to drain, in seconds since 1970; nil while it does not.
    package var drainingSince: Int64? { life.drainingSince }
}
