/// What a server of SOCKS answers to a request (RFC 1928 §6).
public struct SOCKSReply: Sendable, BitwiseCopyable, Equatable {
    /// How it ended.
    public enum Code: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        /// succeeded
        case succeeded = 0x00
        /// general SOCKS server failure
        case generalFailure = 0x01
        /// connection not allowed by ruleset
        case notAllowed = 0x02
        /// Network unreachable
        case networkUnreachable = 0x03
        /// Host unreachable
        case hostUnreachable = 0x04
        /// Connection refused
        case connectionRefused = 0x05
        /// TTL expired: what timeouts are said with.
        case ttlExpired = 0x06
        /// Command not supported
        case commandNotSupported = 0x07
        /// Address type not supported
        case addressTypeNotSupported = 0x08
    }

    /// How it ended, as it stands there; 0 is success, others need not be known.
    public let code: UInt8
    /// The address that the server has bound, where it says one.
    public let boundAddress: IPAddress?
    /// The name that it says instead.
    public let boundName: ByteRange
    /// The port that it has bound.
    public let boundPort: UInt16
    /// How many bytes the reply has; what follows is the connection's.
    public let length: Int

    /// Whether the connection stands.
    public var isSuccess: Bool { code == Code.succeeded.rawValue }

    /// What is answered to a request of SOCKS 5, with 0.0.0.0:0 as the bound address: how this machine reaches others is its own affair.
    public static func v5(_ code: Code) -> InlineArray<10, UInt8> { [5, code.rawValue, 0, 1, 0, 0, 0, 0, 0, 0] }

    /// What is answered to a request of SOCKS 4: granted (90), or rejected or failed (91).
    public static func v4(isGranted: Bool) -> InlineArray<8, UInt8> { [0, isGranted ? 90 : 91, 0, 0, 0, 0, 0, 0] }

    /// Reads a reply of SOCKS 5.
    ///
    /// - Parameter bytes: what the server has sent behind the negotiation of methods.
    /// - Returns: nil while bytes are missing; show the same ones with more behind them.
    public static func readV5(_ bytes: Span<UInt8>) throws(SOCKSFault) -> SOCKSReply? {
        guard !bytes.isEmpty else { return nil }
        guard bytes[0] == 5 else { throw .version }
        guard bytes.count > 2 else { return nil }
        guard bytes[2] == 0 else { throw .reserved }
        guard let host = try SOCKSHost.read(bytes, 3), bytes.count >= host.end + 2 else { return nil }
        return SOCKSReply(
            code: bytes[1],
            boundAddress: host.address,
            boundName: host.name,
            boundPort: NetworkOrder.uint16(bytes, host.end),
            length: host.end + 2
        )
    }
}
