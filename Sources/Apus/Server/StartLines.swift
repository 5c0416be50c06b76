/// What a person reads when the command has started.
package enum StartLines {
    /// Three lines: what it does and on which addresses, what to type next, how to stop it.
    package static func lines(_ addresses: [ListenAddress]) -> [String] {
        let places = addresses.map(\.description).joined(separator: ", ")
        var lines = ["forwards HTTP requests and opens tunnels for clients on \(places)"]
        if let address = addresses.first(where: \.isLoopback) ?? addresses.first {
            lines.append("try it in another terminal: curl -x http://\(reachable(address)) http://example.com/")
        }
        lines.append("stop it with Ctrl-C; apus --help shows what else it can do")
        return lines
    }

    /// The address as a client on this machine writes it: a wildcard is reached by loopback.
    private static func reachable(_ address: ListenAddress) -> String {
        switch address.host {
        case "0.0.0.0": "127.0.0.1:\(address.port)"
        case "::": "[::1]:\(address.port)"
        default: address.description
        }
    }
}
