/// Why a server cannot start serving; its description names the address and says what to do.
public enum StartFault: Error, Equatable, CustomStringConvertible {
    /// Another process listens there (EADDRINUSE).
    case addressInUse(ListenAddress)
    /// The address is not of this machine (EADDRNOTAVAIL).
    case addressNotHere(ListenAddress)
    /// The port needs a privilege (EACCES).
    case notPermitted(ListenAddress)
    /// The address cannot be listened on for another reason; `reason` is the system's text.
    case cannotListen(ListenAddress, reason: String)
    /// The access log cannot be opened; `reason` is the system's text.
    case cannotOpenLog(path: String, reason: String)
    /// The system gave no thread, pipe or descriptor; `reason` is its text.
    case noResources(reason: String)

    public var description: String {
        switch self {
        case .addressInUse(let address):
            "\(address) is in use by another process; stop that one, or listen elsewhere, "
                + "as on \(ListenAddress.elsewhere(address))"
        case .addressNotHere(let address):
            "\(address) is no address of this machine; 127.0.0.1:\(address.port) always is"
        case .notPermitted(let address):
            "\(address) may not be listened on by this user; ports from 1024 on need no privilege"
        case .cannotListen(let address, let reason):
            "\(address) cannot be listened on: \(reason)"
        case .cannotOpenLog(let path, let reason):
            "the access log \(path) cannot be opened: \(reason)"
        case .noResources(let reason):
            "the system gives no more resources: \(reason)"
        }
    }
}

extension ListenAddress {
    /// The same host with the next port.
    fileprivate static func elsewhere(_ address: ListenAddress) -> ListenAddress {
        ListenAddress(host: address.host, port: address.port == .max ? 3128 : address.port + 1) ?? .standard
    }
}
