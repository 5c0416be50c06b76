internal import ApusWire

/// What a person reads when the command has started.
package enum StartLines {
    /// Three lines: what it does and on which addresses, what to type next, how to stop it.
    ///
    /// - Parameter allowFrom: the networks of ``ProxyConfiguration/allowFrom``; they decide who can try it.
    package static func lines(_ addresses: [ListenAddress], allowFrom: [String]) -> [String] {
        let places = addresses.map(\.description).joined(separator: ", ")
        var lines = ["forwards HTTP requests and opens tunnels for clients on \(places)"]
        if let line = trial(addresses, allowFrom.compactMap { try? CIDR($0) }) { lines.append(line) }
        lines.append("stop it with Ctrl-C; apus --help shows what else it can do")
        return lines
    }

    /// The command that tries it, for this machine if that is served; none if nobody is.
    private static func trial(_ addresses: [ListenAddress], _ allowed: [CIDR]) -> String? {
        let served = addresses.filter { listener in
            guard let client = IPAddress(local(listener).host) else { return false }
            return listener.isLoopback || allowed.contains { $0.contains(client) }
        }
        // Every shell takes an IPv4 address without quotes.
        if let listener = served.first(where: { !$0.host.contains(":") }) ?? served.first {
            return "try it in another terminal: \(command(local(listener).description))"
        }
        guard !allowed.isEmpty, let first = addresses.first else { return nil }
        let isWildcard = first.host == "0.0.0.0" || first.host == "::"
        let place = isWildcard ? "ADDRESS-OF-THIS-MACHINE:\(first.port)" : first.description
        return "try it from a machine that --allow-from names: \(command(place))"
    }

    /// The address as a client on this machine writes it: a wildcard is reached by loopback.
    package static func local(_ address: ListenAddress) -> ListenAddress {
        switch address.host {
        case "0.0.0.0": ListenAddress(host: "127.0.0.1", port: address.port) ?? address
        case "::": ListenAddress(host: "::1", port: address.port) ?? address
        default: address
        }
    }

    private static func command(_ place: String) -> String {
        // Shells take brackets for a pattern.
        let url = place.contains("[") ? "'http://\(place)'" : "http://\(place)"
        return "curl -x \(url) http://example.com/"
    }
}
