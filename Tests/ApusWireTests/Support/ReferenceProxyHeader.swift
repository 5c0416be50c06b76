import ApusWire

/// Headers of the PROXY protocol as a test wants them, right or wrong.
enum ProxyHeaderBytes {
    static let signature: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]

    static func v2(_ command: UInt8, _ family: UInt8, _ content: [UInt8]) -> [UInt8] {
        signature + [command, family] + SOCKSBytes.number(UInt16(content.count)) + content
    }

    static func tlv(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
        [type] + SOCKSBytes.number(UInt16(value.count)) + value
    }

    /// One with its checksum as the last thing said.
    static func checked(_ command: UInt8, _ family: UInt8, _ content: [UInt8]) -> [UInt8] {
        let bytes = v2(command, family, content + tlv(3, [0, 0, 0, 0]))
        let sum = crc32c(bytes)
        return bytes.dropLast(4) + [UInt8(sum >> 24), UInt8(sum >> 16 & 255), UInt8(sum >> 8 & 255), UInt8(sum & 255)]
    }

    private static let table = (0..<256 as Range<UInt32>).map { number in
        (0..<8).reduce(number) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82f6_3b78 : rest >> 1 }
    }

    /// CRC32c by a table.
    static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 255)] }
    }
}

/// A naive reader of headers: splits the line of version 1 into words, and cuts version 2 up with slices.
struct ReferenceProxyHeader: Equatable {
    var content: ProxyHeader.Content
    var addresses: [IPAddress] = []
    var ports: [UInt16] = []
    var length: Int

    /// Nil while it is not whole, or where it is none.
    init?(_ bytes: [UInt8]) {
        if bytes.first == 0x50 {
            guard let end = bytes.firstIndex(of: 10), end < 107, bytes[end - 1] == 13 else { return nil }
            length = end + 1
            let words = String(decoding: bytes[..<(end - 1)], as: UTF8.self)
                .split(separator: " ", omittingEmptySubsequences: false)
            guard words.count > 1, words[0] == "PROXY" else { return nil }
            content = words[1] == "UNKNOWN" ? .unknown : .tcp
            if content == .unknown { return }
            guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else { return nil }
            addresses = words[2...3].compactMap { IPAddress($0) }
                .filter { $0.family == (words[1] == "TCP4" ? .v4 : .v6) }
            ports = words[4...5].compactMap { word in
                UInt16(word).flatMap { "\($0)" == word ? $0 : nil }
            }
            if addresses.count < 2 || ports.count < 2 { return nil }
            return
        }
        guard bytes.starts(with: ProxyHeaderBytes.signature), bytes.count >= 16 else { return nil }
        length = 16 + Int(bytes[14]) * 256 + Int(bytes[15])
        guard length <= 4096, bytes.count >= length, bytes[12] == 0x20 || bytes[12] == 0x21 else { return nil }
        guard bytes[13] >> 4 < 4, bytes[13] & 15 < 3 else { return nil }
        content = bytes[12] == 0x20 ? .local : bytes[13] >> 4 == 0 ? .unknown : bytes[13] >> 4 == 3 ? .unix : .tcp
        if content == .local || content == .unknown { return }
        let size = [0, 4, 16, 108][Int(bytes[13] >> 4)]
        let told = 16 + 2 * size + (content == .unix ? 0 : 4)
        guard bytes[13] & 15 == 1, length >= told else { return nil }
        if content == .tcp {
            addresses = [16, 16 + size].map { start in
                let octets = bytes[start..<(start + size)].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
                return size == 4
                    ? IPAddress(v4: UInt32(octets))
                    : IPAddress(v6High: UInt64(octets >> 64), low: UInt64(truncatingIfNeeded: octets))
            }
            ports = [told - 4, told - 2].map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        }
        guard ReferenceProxyHeader.isSound(Array(bytes[..<length]), told) else { return nil }
    }

    /// What the parser says.
    init(_ header: ProxyHeader) {
        content = header.content
        length = header.length
        if content == .tcp {
            addresses = [header.source, header.destination]
            ports = [header.sourcePort, header.destinationPort]
        }
    }

    private static func isSound(_ header: [UInt8], _ told: Int) -> Bool {
        var rest = header[told...]
        var sums: [Int] = []
        while !rest.isEmpty {
            guard rest.count >= 3 else { return false }
            let count = Int(rest[rest.startIndex + 1]) * 256 + Int(rest[rest.startIndex + 2])
            guard rest.count >= 3 + count else { return false }
            if rest.first == 3 {
                guard count == 4 else { return false }
                sums.append(rest.startIndex + 3)
            }
            rest = rest.dropFirst(3 + count)
        }
        guard let at = sums.first else { return true }
        guard sums.count == 1 else { return false }
        var blank = header
        blank.replaceSubrange(at..<(at + 4), with: [0, 0, 0, 0])
        return header[at..<(at + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == ProxyHeaderBytes.crc32c(blank)
    }
}
