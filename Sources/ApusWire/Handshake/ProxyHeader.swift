/// A header of the PROXY protocol: what a balancer in front says of who has connected to it.
///
/// Read by the specification of HAProxy (proxy-protocol.txt, 2020/03/05), version 1 (§2.1) and 2 (§2.2). It is never guessed whether one
/// is there: the caller knows from whom it takes one (§2: "MUST not try to guess").
public struct ProxyHeader: Sendable, BitwiseCopyable, Equatable {
    /// Whom it speaks of.
    public enum Content: UInt8, Sendable, BitwiseCopyable {
        /// LOCAL: the balancer itself has connected, for a health check. The peer's own address counts.
        case local
        /// UNKNOWN or UNSPEC: it does not say. The peer's own address counts.
        case unknown
        /// A client of TCP: ``ProxyHeader/source`` and ``ProxyHeader/destination``.
        case tcp
        /// A client of a UNIX socket, whose path is not read. The peer's own address counts.
        case unix
    }

    /// Whom it speaks of.
    public let content: Content
    /// Who has connected; meaningful with ``Content/tcp`` only.
    public private(set) var source = IPAddress(v4: 0)
    /// Its port.
    public private(set) var sourcePort: UInt16 = 0
    /// Where it has connected to.
    public private(set) var destination = IPAddress(v4: 0)
    /// Its port.
    public private(set) var destinationPort: UInt16 = 0
    /// How many bytes the header has; what follows is the client's.
    public let length: Int

    /// The longest header of version 1, CR LF included (§2.1).
    public static let longestV1 = 107
    /// The longest header of version 2 that is taken. The specification has no bound but 65,551; what is in use has some hundred bytes.
    public static let longestV2 = 4096

    /// Reads a header of either version.
    ///
    /// - Parameter bytes: all that the peer has sent so far.
    /// - Returns: nil while bytes are missing; show the same ones with more behind them.
    public static func read(_ bytes: Span<UInt8>) throws(ProxyHeaderFault) -> ProxyHeader? {
        guard !bytes.isEmpty else { return nil }
        return bytes[0] == UInt8(ascii: "P") ? try ProxyLine.read(bytes) : try readV2(bytes)
    }

    init(_ content: Content, length: Int) {
        self.content = content
        self.length = length
    }

    init(source: (IPAddress, UInt16), destination: (IPAddress, UInt16), length: Int) {
        content = .tcp
        (self.source, sourcePort) = source
        (self.destination, destinationPort) = destination
        self.length = length
    }
}

// MARK: - Version 2

extension ProxyHeader {
    /// Signature, version and command, family and transport, length.
    private static let fixedLength = 16
    /// PP2_TYPE_CRC32C (§2.2.3).
    private static let checksumType: UInt8 = 3

    private static func readV2(_ bytes: Span<UInt8>) throws(ProxyHeaderFault) -> ProxyHeader? {
        switch FirstBytes.matching(FirstBytes.proxySignature, bytes, .proxyV2) {
        case nil: throw .signature
        case .incomplete?: return nil
        default: break
        }
        guard bytes.count >= fixedLength else { return nil }
        guard bytes[12] >> 4 == 2 else { throw .version }
        let command = bytes[12] & 15
        guard command <= 1 else { throw .command }
        let (family, transport) = (bytes[13] >> 4, bytes[13] & 15)
        guard family <= 3, transport <= 2 else { throw .family }
        let length = fixedLength + Int(NetworkOrder.uint16(bytes, 14))
        guard length <= longestV2 else { throw .tooLong }
        let addresses = family == 1 ? 12 : family == 2 ? 36 : family == 3 ? 216 : 0
        let speaks = command == 1 && family > 0
        // What LOCAL and UNSPEC have behind them is discarded, whatever it is (§2.2).
        if speaks {
            guard transport == 1 else { throw .transport }
            guard length >= fixedLength + addresses else { throw .length }
        }
        guard bytes.count >= length else { return nil }
        guard speaks else { return ProxyHeader(command == 0 ? .local : .unknown, length: length) }
        try check(bytes, from: fixedLength + addresses, length)
        guard family < 3 else { return ProxyHeader(.unix, length: length) }
        let (kind, size): (IPAddress.Family, Int) = family == 1 ? (.v4, 4) : (.v6, 16)
        let ports = fixedLength + 2 * size
        return ProxyHeader(
            source: (NetworkOrder.address(kind, bytes, fixedLength), NetworkOrder.uint16(bytes, ports)),
            destination: (
                NetworkOrder.address(kind, bytes, fixedLength + size), NetworkOrder.uint16(bytes, ports + 2)
            ),
            length: length
        )
    }

    /// Passes over what is said behind the addresses (§2.2.1), and checks the checksum where there is one.
    private static func check(_ bytes: Span<UInt8>, from start: Int, _ length: Int) throws(ProxyHeaderFault) {
        var at = start
        var checksum: Int?
        while at < length {
            guard at + 3 <= length else { throw .length }
            let count = Int(NetworkOrder.uint16(bytes, at + 1))
            guard at + 3 + count <= length else { throw .length }
            if bytes[at] == checksumType {
                guard count == 4, checksum == nil else { throw .checksum }
                checksum = at + 3
            }
            at += 3 + count
        }
        guard let checksum else { return }
        guard crc32c(bytes, length, without: checksum) == NetworkOrder.uint32(bytes, checksum) else { throw .checksum }
    }

    /// CRC32c (RFC 9260, appendix A) of the header, with the four bytes of the checksum itself taken as 0.
    private static func crc32c(_ bytes: Span<UInt8>, _ length: Int, without checksum: Int) -> UInt32 {
        var remainder = UInt32.max
        for at in 0..<length {
            if !(checksum..<checksum + 4).contains(at) { remainder ^= UInt32(bytes[at]) }
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82f6_3b78 : remainder >> 1 }
        }
        return ~remainder
    }
}

// MARK: - What a sender writes

extension ProxyHeader {
    /// Writes a header of version 2 that speaks of a client of TCP. Addresses of two families become two of IPv6, the one of IPv4 v4-mapped.
    ///
    /// - Returns: the offset behind it, or nil when it does not fit.
    public static func write(
        source: (address: IPAddress, port: UInt16),
        destination: (address: IPAddress, port: UInt16),
        to target: inout MutableSpan<UInt8>,
        at: Int
    ) -> Int? {
        let isV4 = source.address.family == .v4 && destination.address.family == .v4
        guard NetworkOrder.hasRoom(isV4 ? 28 : 52, in: target, at: at) else { return nil }
        var end = writeFixed(isV4 ? 0x21_11_00_0c : 0x21_21_00_24, to: &target, at: at)
        end = NetworkOrder.put(isV4 ? source.address : mapped(source.address), to: &target, at: end)
        end = NetworkOrder.put(isV4 ? destination.address : mapped(destination.address), to: &target, at: end)
        end = NetworkOrder.put(UInt64(source.port), 2, to: &target, at: end)
        return NetworkOrder.put(UInt64(destination.port), 2, to: &target, at: end)
    }

    /// Writes a LOCAL header of version 2: this proxy itself connects.
    ///
    /// - Returns: the offset behind it, or nil when it does not fit.
    public static func writeLocal(to target: inout MutableSpan<UInt8>, at: Int) -> Int? {
        guard NetworkOrder.hasRoom(fixedLength, in: target, at: at) else { return nil }
        return writeFixed(0x20_00_00_00, to: &target, at: at)
    }

    private static func writeFixed(_ rest: UInt64, to target: inout MutableSpan<UInt8>, at: Int) -> Int {
        var end = at
        for byte in FirstBytes.proxySignature.description.utf8 {
            end = NetworkOrder.put(UInt64(byte), 1, to: &target, at: end)
        }
        return NetworkOrder.put(rest, 4, to: &target, at: end)
    }

    private static func mapped(_ address: IPAddress) -> IPAddress {
        address.family == .v6 ? address : IPAddress(v6High: 0, low: 0xffff_0000_0000 | address.low)
    }
}
