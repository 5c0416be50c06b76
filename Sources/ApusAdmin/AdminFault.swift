public import Apus

/// Why the admin listener cannot be served; its description says what to do.
public enum AdminFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process has the address.
    case addressInUse(AdminAddress)
    /// The address is none of this machine, the port is not this user's, or the socket's folder is not there.
    case cannotListen(AdminAddress, reason: String)
    /// The token's file cannot be read, or is empty.
    case noToken(path: String, reason: String)

    public var description: String {
        switch self {
        case .addressInUse(let address):
            "the admin listener cannot have \(address): it is in use, by another Apus perhaps; --admin-listen ADDR:PORT "
                + "takes another one, --no-admin none"
        case .cannotListen(let address, let reason):
            "the admin listener cannot have \(address): \(reason); --admin-listen ADDR:PORT takes another one"
        case .noToken(let path, let reason):
            "the admin listener's token cannot be read from \(path): \(reason)"
        }
    }
}
