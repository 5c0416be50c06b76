package import ApusWire

/// Where the admin listener is: an address with a port, or the path of a socket.
package enum AdminEndpoint: Sendable, Equatable, CustomStringConvertible {
    case address(IPAddress, UInt16)
    case path(String)

    /// Where Apus listens unless it is told otherwise.
    package static let standard = "127.0.0.1:9128"

    /// Reads `127.0.0.1:9128`, `[::1]:9128`, `localhost:9128`, the URL of the page, or a path with a slash in it.
    /// - Returns: nil if it is none of them.
    package init?(_ text: String) {
        var text = text[...]
        if text.hasPrefix("http://") {
            text = text.dropFirst(7).prefix { $0 != "/" }
        } else if text.hasPrefix("unix:") {
            text = text.dropFirst(5)
            if text.hasPrefix("//") { text = text.dropFirst(2) }
        }
        if text.utf8.contains(Ascii.slash) {
            guard text.utf8.count < 108 else { return nil }
            self = .path(String(text))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host == "localhost" { host = "127.0.0.1" }
        guard let address = IPAddress(host) else { return nil }
        self = .address(address, port)
    }

    package var description: String {
        switch self {
        case .address(let address, let port):
            address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        case .path(let path): path
        }
    }

    /// What the Host field says: a socket has no name of its own.
    package var host: String {
        if case .path = self { "localhost" } else { description }
    }
}
