/// What the settings say of each listener.
extension ProxyConfiguration {
    /// What is said of a listener; the defaults where nothing is.
    package func options(of listener: ListenAddress) -> ListenerOptions {
        listenerOptions[listener] ?? ListenerOptions()
    }

    /// The name by which rules and records speak of a listener.
    package func name(of listener: ListenAddress) -> String { options(of: listener).name ?? listener.description }

    /// The names of the listeners, in their order.
    package var listenerNames: [String] { listeners.map(name) }

    /// The names of those that have one, by their addresses: a rule may say either.
    package var namesByAddress: [String: String] {
        var names: [String: String] = [:]
        for listener in listeners { names[listener.description] = options(of: listener).name }
        return names
    }

    /// The listener that is named so, or that has this address.
    package func listener(named name: String) -> ListenAddress? {
        listeners.first { options(of: $0).name == name } ?? listeners.first { $0.description == name }
    }

    /// Whether clients of this machine are served on a listener without being named: only this machine can reach it, and nobody who
    /// does speaks for others.
    package func isLoopback(_ listener: ListenAddress) -> Bool {
        listener.isLoopback && options(of: listener).proxyProtocol.isEmpty
    }

    /// The same of a listener as a record has it: one that has no name is known by its address with the true port.
    package func isLoopback(recorded name: String) -> Bool {
        if let listener = listener(named: name) { return isLoopback(listener) }
        guard let address = try? ListenAddress(parsing: name) else { return false }
        return listeners.first { $0.port == 0 && $0.host == address.host }.map(isLoopback) ?? address.isLoopback
    }

    func checkListeners(_ check: inout ConfigurationCheck) {
        if listeners.isEmpty { check.report("listen", "no address to listen on; write one as 127.0.0.1:3128") }
        var names: Set<String> = []
        for (index, address) in listeners.enumerated() {
            let options = options(of: address)
            for problem in options.problems(on: address) { check.report("listen", problem) }
            if let name = options.name, !names.insert(name).inserted {
                check.report("listen", "two listeners have the name \(name)")
            }
            guard let other = listeners[..<index].first(where: address.clashes) else { continue }
            check.report(
                "listen",
                other == address
                    ? "\(address) is named twice"
                    : "\(address) and \(other) cannot both be had: one takes the other's clients"
            )
        }
        for address in listenerOptions.keys.sorted(by: { $0.description < $1.description })
        where !listeners.contains(address) {
            check.report("listen", "there are options of \(address), which is no listener")
        }
    }
}
