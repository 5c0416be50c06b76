internal import ApusWire

/// An address and port to accept clients on: `127.0.0.1:3128`, `[::1]:3128`, `0.0.0.0:8080`.
///
/// A name is no address here, and `:3128` is refused too: programs disagree whether it means this machine or every interface.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address literal, the latter without brackets.
    public let host: String
    /// The port; 0 lets the system choose one.
    public let port: UInt16

    /// `127.0.0.1:3128`.
    public static let standard = ListenAddress(uncheckedHost: "127.0.0.1", port: 3128)

    private init(uncheckedHost host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// The address, or nil when `host` is no IPv4 or IPv6 literal.
    public init?(host: String, port: UInt16) {
        guard AddressLiteral.isIPv4(host) || AddressLiteral.isIPv6(host) else { return nil }
        self.init(uncheckedHost: host, port: port)
    }

    /// Reads `ADDR:PORT` or `[ADDR]:PORT`; the error says what is wrong with it, as half a sentence.
    public init(parsing text: String) throws(ListenAddressFault) {
        if let scheme = text.firstRange(of: "://") {
            throw .url(rest: String(text[scheme.upperBound...].prefix { $0 != "/" }))
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw UInt16(text) == nil ? .noPort(text) : .noAddress(port: text)
        }
        let left = text[..<colon]
        let portText = text[text.index(after: colon)...]
        if left.isEmpty { throw .noAddress(port: String(portText)) }
        if left == "*" { throw .everyInterface(port: String(portText)) }
        if left == "localhost" { throw .thisMachine(port: String(portText)) }
        let bracketed = left.hasPrefix("[") && left.hasSuffix("]") && left.utf8.count > 2
        let host = bracketed ? String(left.dropFirst().dropLast()) : String(left)
        if !bracketed && host.utf8.contains(UInt8(ascii: ":")) {
            throw AddressLiteral.isIPv6(text) || AddressLiteral.isIPv6(host) ? .noBrackets(text) : .notAnAddress(host)
        }
        guard bracketed ? AddressLiteral.isIPv6(host) : AddressLiteral.isIPv4(host) else { throw .notAnAddress(host) }
        guard portText.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let port = UInt16(portText)
        else {
            throw .notAPort(String(portText))
        }
        self.init(uncheckedHost: host, port: port)
    }

    /// Whether only this machine can reach it: 127.0.0.0/8 or ::1.
    public var isLoopback: Bool {
        host.utf8.contains(UInt8(ascii: ":")) ? AddressLiteral.isIPv6Loopback(host) : host.hasPrefix("127.")
    }

    /// Whether the system would refuse the second of both: the same port of the same address, or of a wildcard that takes it.
    package func clashes(with other: ListenAddress) -> Bool {
        guard port == other.port, port != 0, let own = IPAddress(host), let its = IPAddress(other.host),
            own.family == its.family
        else { return false }
        return own == its || own.isWildcard || its.isWildcard
    }

    /// `127.0.0.1:3128` or `[::1]:3128`.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

extension IPAddress {
    /// 0.0.0.0 or ::.
    fileprivate var isWildcard: Bool { high == 0 && low == 0 }
}
