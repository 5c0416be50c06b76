public import ApusWire

/// The protocol by which a client has asked, and its version: one byte, for it is noted of each request.
public struct ClientProtocol: Sendable, Hashable, BitwiseCopyable {
    private let code: UInt8

    private init(code: UInt8) { self.code = code }

    /// Nothing that was understood.
    public static let unknown = ClientProtocol(code: 0)
    /// HTTP/1 of a minor version, 0 to 9, as received.
    public static func http(minor: UInt8) -> ClientProtocol { ClientProtocol(code: minor &+ 1) }
    /// SOCKS of a version.
    public static func socks(_ version: SOCKSRequest.Version) -> ClientProtocol {
        ClientProtocol(code: 0x80 | version.rawValue)
    }

    /// The minor version of HTTP/1; nil of another protocol, and where none was understood.
    public var minor: UInt8? { 1...10 ~= code ? code - 1 : nil }

    /// The word of logs where it is not HTTP: `socks4`, `socks4a` or `socks5`.
    public var word: StaticString? {
        guard code & 0x80 != 0, let version = SOCKSRequest.Version(rawValue: code & 0x7f) else { return nil }
        return switch version {
        case .v4: "socks4"
        case .v4a: "socks4a"
        case .v5: "socks5"
        }
    }
}
