public import ApusWire

/// Who may use the proxy, and what for: an immutable snapshot, swapped whole on a reload.
public struct AccessRules: Sendable {
    /// The clients that may use a listener that is not loopback (`--allow-from`).
    public var allowFrom: [CIDR]
    /// The ports that CONNECT may reach (`--connect-ports`).
    public var connectPorts: ConnectPorts
    /// Which addresses may be dialled (`--allow-private`, `--allow-to`).
    public var destinations: DestinationGuard

    /// Makes rules; without arguments: loopback clients on loopback listeners, port 443, global destinations.
    public init(
        allowFrom: [CIDR] = [],
        connectPorts: ConnectPorts = .standard,
        destinations: DestinationGuard = DestinationGuard()
    ) {
        self.allowFrom = allowFrom
        self.connectPorts = connectPorts
        self.destinations = destinations
    }

    /// Why this client is not served, asked once a connection; nil if it is.
    ///
    /// A loopback listener serves loopback clients, whatever ``allowFrom`` says. Everyone else, and everyone on another
    /// listener, has to be covered by ``allowFrom`` (RFC 9110 §17.2: an open proxy is a weapon).
    public func admit(client: IPAddress, listenerIsLoopback: Bool) -> Refusal? {
        if listenerIsLoopback && client.isLoopback { return nil }
        for index in allowFrom.indices where allowFrom[index].contains(client) { return nil }
        return .clientNotAllowed
    }

    /// Why CONNECT may not reach this port; nil if it may (RFC 9110 §9.3.6).
    public func decideConnect(_ port: UInt16) -> Refusal? {
        connectPorts.contains(port) ? nil : .connectPort
    }

    /// Why this address may not be dialled; nil if it may: see ``DestinationGuard/judge(_:port:)``.
    public func judge(_ address: IPAddress, port: UInt16) -> Refusal? {
        destinations.judge(address, port: port)
    }
}
