internal import Apus

/// Sockets that a service manager has bound: they stand in place of default listeners, and are nothing but what other settings name.
extension ParsedSettings {
    /// Has them listened on where nobody has said where.
    mutating func adopt(_ activation: SocketActivation) {
        self.activation = activation
        let clients = activation.clients.compactMap(\.address.tcp)
        if !clients.isEmpty, isDefault("listen") {
            configuration.listeners = clients
            sources["listen"] = .serviceManager
        }
        if let admin = activation.admin, isDefault("admin.listen") {
            configuration.admin.listen = admin.address
            sources["admin.listen"] = .serviceManager
        }
    }

    /// What does not fit between them and the settings, each with the key of the setting that it is about.
    var activationProblems: [(key: String, message: String)] {
        clientProblems.map { (key: "listen", message: $0) } + adminProblems
            + (controlProblem.map { [(key: "control", message: $0)] } ?? [])
    }

    private func isDefault(_ key: String) -> Bool { (sources[key] ?? .standard) == .standard }

    /// Once a socket for clients is handed over, all of them are: who moves one and forgets the other hears of it.
    private var clientProblems: [String] {
        let handed = activation.clients.map(\.address)
        guard !handed.isEmpty else { return [] }
        let named = configuration.listeners.map { AdminAddress.address($0) }
        let missing = named.filter { name in !handed.contains { $0.isSame(as: name) } }
        let strange = handed.filter { socket in !named.contains { $0.isSame(as: socket) } }
        return missing.map {
            "the service manager hands over no socket for \($0), and some for others: write ListenStream=\($0) into its unit, or take it "
                + "out here"
        }
            + strange.map {
                "the service manager hands over a socket for \($0), which is not named here: add it, or take ListenStream=\($0) out of "
                    + "its unit"
            }
    }

    private var adminProblems: [(key: String, message: String)] {
        guard let admin = activation.admin else { return [] }
        guard configuration.admin.isOn else {
            let message =
                "the service manager hands over a socket for the admin listener, \(admin.address), which is off: turn it on, or take the "
                + "socket out of its unit"
            return [(key: "admin.enabled", message: message)]
        }
        guard admin.address.isSame(as: configuration.admin.listen) else {
            let message =
                "the service manager hands over \(admin.address) for the admin listener, and not \(configuration.admin.listen): name one "
                + "in both places"
            return [(key: "admin.listen", message: message)]
        }
        guard !admin.isOpenToAll || configuration.admin.tokenFile != nil else {
            let message =
                "everybody on this machine may connect to \(admin.address): write SocketMode=0660 into its unit, or name the file of a "
                + "token by admin.token-file"
            return [(key: "admin.listen", message: message)]
        }
        return []
    }

    private var controlProblem: String? {
        guard let control = activation.control else { return nil }
        switch configuration.control {
        case .standard: return nil
        case .off:
            return
                "the service manager hands over a socket for the commands, \(control.address), and there is to be none: leave control out "
                + "here, or take the socket out of its unit"
        case .path(let path):
            guard !control.address.isSame(as: .socket(path: path)) else { return nil }
            return
                "the service manager hands over \(control.address) for the commands, and not \(path): name one in both places, or leave "
                + "control out here"
        }
    }
}

extension AdminAddress {
    /// The address of TCP; nil for a path.
    fileprivate var tcp: ListenAddress? { if case .address(let address) = self { address } else { nil } }
}
