/// What a client of SOCKS asks for: version 5 (RFC 1928 §4), 4, or 4a.
public struct SOCKSRequest: Sendable, BitwiseCopyable, Equatable {
    /// The protocol's version.
    public enum Version: UInt8, Sendable, BitwiseCopyable {
        /// SOCKS 4: an IPv4 address.
        case v4
        /// SOCKS 4a: a name behind an address that is none.
        case v4a
        /// SOCKS 5.
        case v5
    }

    /// What is to be done (RFC 1928 §4).
    public enum Command: UInt8, Sendable, BitwiseCopyable {
        /// Nothing that is known here.
        case other = 0
        /// CONNECT.
        case connect = 1
        /// BIND.
        case bind = 2
        /// UDP ASSOCIATE; SOCKS 4 has none.
        case udpAssociate = 3
    }

    /// The protocol's version.
    public let version: Version
    /// What is to be done.
    public let command: Command
    /// The name as received, empty where the client says an address.
    public let name: ByteRange
    /// The address, where the client says one.
    public let address: IPAddress?
    /// The port as received; 0 is none.
    public let port: UInt16
    /// What a client of SOCKS 4 says of its user. Nobody has verified it.
    public let userID: ByteRange
    /// How many bytes the request has.
    public let length: Int

    /// The longest user id, in bytes: as long as a name of SOCKS 5's credentials (RFC 1929 §2). SOCKS 4 sets no bound.
    public static let longestUserID = 255
    /// The longest name of SOCKS 4a, which sets no bound: as SOCKS 5's (RFC 1928 §5).
    public static let longestName = 255
    /// The longest request there is.
    public static let longest = 8 + longestUserID + 1 + longestName + 1

    /// Reads a request of SOCKS 5.
    ///
    /// - Parameter bytes: what the client has sent behind the negotiation of methods.
    /// - Returns: nil while bytes are missing; show the same ones with more behind them.
    public static func readV5(_ bytes: Span<UInt8>) throws(SOCKSFault) -> SOCKSRequest? {
        guard !bytes.isEmpty else { return nil }
        guard bytes[0] == 5 else { throw .version }
        guard bytes.count > 2 else { return nil }
        guard bytes[2] == 0 else { throw .reserved }
        guard let host = try SOCKSHost.read(bytes, 3) else { return nil }
        guard bytes.count >= host.end + 2 else { return nil }
        return SOCKSRequest(
            version: .v5,
            command: Command(rawValue: bytes[1]) ?? .other,
            name: host.name,
            address: host.address,
            port: NetworkOrder.uint16(bytes, host.end),
            userID: .empty,
            length: host.end + 2
        )
    }

    /// Reads a request of SOCKS 4 or 4a.
    ///
    /// - Parameter bytes: all that the client has sent so far.
    /// - Returns: nil while bytes are missing; show the same ones with more behind them.
    public static func readV4(_ bytes: Span<UInt8>) throws(SOCKSFault) -> SOCKSRequest? {
        guard !bytes.isEmpty else { return nil }
        guard bytes[0] == 4 else { throw .version }
        guard bytes.count > 8 else { return nil }
        let user = run(bytes, 8, longest: longestUserID)
        guard user.count <= longestUserID else { throw .userIDTooLong }
        guard Int(user.end) < bytes.count else { return nil }
        var end = Int(user.end) + 1
        let bits = NetworkOrder.uint32(bytes, 4)
        let isName = 1...255 ~= bits
        var name = ByteRange.empty
        if isName {
            name = run(bytes, end, longest: longestName)
            guard name.count <= longestName else { throw .nameTooLong }
            guard Int(name.end) < bytes.count else { return nil }
            end = Int(name.end) + 1
        }
        return SOCKSRequest(
            version: isName ? .v4a : .v4,
            command: bytes[1] == 1 ? .connect : bytes[1] == 2 ? .bind : .other,
            name: name,
            address: isName ? nil : IPAddress(v4: bits),
            port: NetworkOrder.uint16(bytes, 2),
            userID: user,
            length: end
        )
    }

    /// What is to be reached, held to what the target of a CONNECT is held to.
    ///
    /// A name that spells an address is that address, an IPv6 one without brackets, for here none could be meant otherwise.
    public func authority(_ bytes: Span<UInt8>) throws(RequestFault) -> Authority {
        guard port > 0 else { throw .portOutOfRange }
        var literal = address
        if literal == nil {
            literal = IPAddress.parse(bytes, name.range)
            if literal == nil { literal = try Authority.name(bytes, name, Int(name.end)) }
        }
        return Authority(host: name, address: literal, port: port, namesPort: true)
    }

    /// The bytes in front of the next NUL, one more than allowed at most.
    private static func run(_ bytes: Span<UInt8>, _ start: Int, longest: Int) -> ByteRange {
        var at = start
        while at < bytes.count, bytes[at] != 0, at - start <= longest { at += 1 }
        return ByteRange(start, at)
    }
}

// MARK: - What a client writes

extension SOCKSRequest {
    /// Writes a CONNECT of SOCKS 5 to a name, which the server looks up.
    ///
    /// - Returns: the offset behind it, or nil when it does not fit, or the name is not of 1 to 255 bytes.
    public static func writeConnect(
        name: Span<UInt8>,
        port: UInt16,
        to target: inout MutableSpan<UInt8>,
        at: Int
    ) -> Int? {
        guard 1...255 ~= name.count, NetworkOrder.hasRoom(7 + name.count, in: target, at: at) else { return nil }
        var end = NetworkOrder.put(0x05_01_00_03, 4, to: &target, at: at)
        end = NetworkOrder.put(UInt64(name.count), 1, to: &target, at: end)
        end = copy(name, 0..<name.count, to: &target, at: end) ?? end
        return NetworkOrder.put(UInt64(port), 2, to: &target, at: end)
    }

    /// Writes a CONNECT of SOCKS 5 to an address.
    ///
    /// - Returns: the offset behind it, or nil when it does not fit.
    public static func writeConnect(
        address: IPAddress,
        port: UInt16,
        to target: inout MutableSpan<UInt8>,
        at: Int
    ) -> Int? {
        let isV6 = address.family == .v6
        guard NetworkOrder.hasRoom(isV6 ? 22 : 10, in: target, at: at) else { return nil }
        var end = NetworkOrder.put(isV6 ? 0x05_01_00_04 : 0x05_01_00_01, 4, to: &target, at: at)
        end = NetworkOrder.put(address, to: &target, at: end)
        return NetworkOrder.put(UInt64(port), 2, to: &target, at: end)
    }
}

/// A host as SOCKS 5 bears it: a type, and an address or a name with its length (RFC 1928 §5).
struct SOCKSHost {
    var name = ByteRange.empty
    var address: IPAddress?
    /// The offset behind it, where a port follows.
    let end: Int

    /// Reads a host whose type stands at this offset; nil while bytes are missing.
    static func read(_ bytes: Span<UInt8>, _ at: Int) throws(SOCKSFault) -> SOCKSHost? {
        guard at < bytes.count else { return nil }
        let start = at + 1
        switch bytes[at] {
        case 1:
            guard bytes.count >= start + 4 else { return nil }
            return SOCKSHost(address: NetworkOrder.address(.v4, bytes, start), end: start + 4)
        case 3:
            guard start < bytes.count else { return nil }
            let end = start + 1 + Int(bytes[start])
            guard bytes.count >= end else { return nil }
            return SOCKSHost(name: ByteRange(start + 1, end), end: end)
        case 4:
            guard bytes.count >= start + 16 else { return nil }
            return SOCKSHost(address: NetworkOrder.address(.v6, bytes, start), end: start + 16)
        default: throw .addressType
        }
    }
}
