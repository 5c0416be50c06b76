internal import ApusWire

/// Where the admin listener is: an address and port, or the path of a UNIX socket.
public enum AdminAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address, and a port; 0 lets the system choose one.
    case address(ListenAddress)
    /// The path of a UNIX socket, which only the user of the process may open.
    case socket(path: String)

    /// `127.0.0.1:9128`.
    public static let standard = AdminAddress.address(
        ListenAddress(host: "127.0.0.1", port: 9128) ?? ListenAddress.standard
    )

    /// Reads `127.0.0.1:9128`, `[::1]:9128`, or an absolute path, with or without `unix:` before it.
    public init(parsing text: String) throws(ListenAddressFault) {
        let path = text.hasPrefix("unix:") ? text.dropFirst(5) : text[...]
        if path.hasPrefix("/") {
            // sun_path of the system has 108 bytes, the last of them 0.
            guard path.utf8.count < 108 else { throw .pathTooLong(String(path)) }
            self = .socket(path: String(path))
        } else {
            self = .address(try ListenAddress(parsing: text))
        }
    }

    /// Whether only this machine can reach it.
    public var isLocal: Bool {
        switch self {
        case .address(let address): address.isLoopback
        case .socket: true
        }
    }

    /// Whether both are one place, however they are written.
    package func isSame(as other: AdminAddress) -> Bool {
        switch (self, other) {
        case (.address(let own), .address(let its)): own.port == its.port && IPAddress(own.host) == IPAddress(its.host)
        case (.socket(let own), .socket(let its)): own == its
        default: false
        }
    }

    /// As it is written in the settings.
    public var description: String {
        switch self {
        case .address(let address): address.description
        case .socket(let path): path
        }
    }
}
