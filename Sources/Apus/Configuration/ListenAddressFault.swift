/// Why a text is no address to listen on; its description is half a sentence that says what to write.
public enum ListenAddressFault: Error, Equatable, CustomStringConvertible {
    /// An address without a port.
    case noPort(String)
    /// A port without an address.
    case noAddress(port: String)
    /// An IPv6 address without brackets around it.
    case noBrackets(String)
    /// The host is a name, or a misspelt address.
    case notAnAddress(String)
    /// `*` stands for an address; what follows it is the port.
    case everyInterface(port: String)
    /// `localhost` stands for an address; what follows it is the port.
    case thisMachine(port: String)
    /// A URL; what is in it of an address and a port.
    case url(rest: String)
    /// The port is no number from 0 to 65,535.
    case notAPort(String)
    /// The path of a UNIX socket has more bytes than the system takes.
    case pathTooLong(String)

    /// Whether it says what to write for just this text.
    package var saysWhatToWrite: Bool {
        switch self {
        case .everyInterface, .thisMachine, .url: true
        case .noPort, .noAddress, .noBrackets, .notAnAddress, .notAPort, .pathTooLong: false
        }
    }

    public var description: String {
        switch self {
        case .noPort:
            "the port is missing"
        case .noAddress(let port):
            "the address is missing; 127.0.0.1:\(port) is this machine alone, 0.0.0.0:\(port) every interface"
        case .noBrackets:
            "an IPv6 address needs brackets, as in [::1]:3128"
        case .notAnAddress(let host):
            "\"\(host)\" is no IPv4 or IPv6 address; names are not looked up here"
        case .everyInterface(let port):
            "for every interface write 0.0.0.0:\(port), and [::]:\(port) for those of IPv6"
        case .thisMachine(let port):
            "names are not looked up here; for this machine write 127.0.0.1:\(port)"
        case .url(let rest):
            "this is a URL; write \(rest)"
        case .notAPort(let port):
            "\"\(port)\" is no port; it takes 0 to 65535"
        case .pathTooLong:
            "the path of a UNIX socket has 107 bytes at most"
        }
    }
}
