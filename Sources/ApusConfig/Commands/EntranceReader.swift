internal import Apus
internal import ApusWire

/// Where a client that somebody asks about comes in: the listener that is named, or the first that it could have reached.
struct EntranceReader {
    private let configuration: ProxyConfiguration
    private let requiresCredentials: Bool

    init(_ settings: ParsedSettings) {
        configuration = settings.configuration
        requiresCredentials = settings.requiresCredentials
    }

    /// - Parameter name: the listener as it was typed, or as a log has it; one that is there no more is judged by its address.
    func read(_ name: String?, _ client: IPAddress) throws(SettingFault) -> Entrance {
        let listener: ListenAddress?
        if let name { listener = try named(name) } else { listener = reached(by: client) }
        let address = listener ?? .standard
        return Entrance(
            listener: configuration.name(of: address),
            isLoopback: configuration.isLoopback(address),
            requiresCredentials: requiresCredentials
        )
    }

    private func named(_ name: String) throws(SettingFault) -> ListenAddress {
        if let listener = configuration.listener(named: name) { return listener }
        if ListenerOptions.isName(name) {
            let known = configuration.listenerNames
            let nearest = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            throw .badValue(
                source: "--listener",
                message: "no listener is named \(name); listen has \(known.joined(separator: ", "))\(nearest)",
                example: ""
            )
        }
        do { return try ListenAddress(parsing: name) } catch {
            throw .badValue(
                source: "--listener",
                message: "\"\(name)\": \(error)",
                example: "--listener \(configuration.listeners.first ?? .standard)"
            )
        }
    }

    /// A client of this machine comes by a loopback listener if there is one, every other by one that is none; of these the first that
    /// speaks its IP version.
    private func reached(by client: IPAddress) -> ListenAddress? {
        let isV6 = client.unmapped.family == .v6
        return configuration.listeners.enumerated().min { left, right in
            rank(left.element, client, isV6) == rank(right.element, client, isV6)
                ? left.offset < right.offset : rank(left.element, client, isV6) < rank(right.element, client, isV6)
        }?.element
    }

    private func rank(_ listener: ListenAddress, _ client: IPAddress, _ isV6: Bool) -> Int {
        (configuration.isLoopback(listener) == client.isLoopback ? 0 : 2)
            + (listener.host.contains(":") == isV6 ? 0 : 1)
    }
}
