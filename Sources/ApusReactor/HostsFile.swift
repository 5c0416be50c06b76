internal import Glibc

/// What a hosts file says (hosts(5)): lines of an address and its names.
package enum HostsFile {
    /// The most bytes that are read: 64 MiB. Lists of blocked hosts that are kept this way have some ten.
    package static let largest = 64 << 20

    private static let newline = UInt8(ascii: "\n")

    /// The addresses of a name, in the order of the file, without duplicates, 64 at most.
    ///
    /// As the C library reads it: names in any case, `#` to the end of the line is a comment, a line whose address is none is passed over.
    ///
    /// - Parameter name: with or without a dot at its end.
    package static func addresses(of name: String, in bytes: [UInt8]) -> [ResolvedAddress] {
        var wanted = name.utf8.map(lowercased)
        if wanted.last == UInt8(ascii: ".") { wanted.removeLast() }
        guard !wanted.isEmpty else { return [] }
        var addresses: [ResolvedAddress] = []
        var start = 0
        while start < bytes.count, addresses.count < 64 {
            let end = bytes[start...].firstIndex(of: newline) ?? bytes.count
            if let address = address(of: wanted, in: bytes[start..<end]), !addresses.contains(address) {
                addresses.append(address)
            }
            start = end + 1
        }
        return addresses
    }

    /// The address of one line, if the name is on it.
    private static func address(of wanted: [UInt8], in line: ArraySlice<UInt8>) -> ResolvedAddress? {
        let said = line.firstIndex(of: UInt8(ascii: "#")).map { line[..<$0] } ?? line
        // Most lines are told by their length alone; the words are cut only where the name may be on it.
        guard said.count > wanted.count else { return nil }
        let words = said.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
        guard let first = words.first else { return nil }
        for word in words.dropFirst() where word.count == wanted.count {
            if word.elementsEqual(wanted, by: { lowercased($0) == $1 }) { return ResolvedAddress(text: first) }
        }
        return nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }
}

extension ResolvedAddress {
    /// From its text; nil for what is no address, or one with a zone.
    fileprivate init?(text: ArraySlice<UInt8>) {
        let text = String(decoding: text, as: UTF8.self)
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(high: 0, low: UInt64(UInt32(bigEndian: v4.s_addr)), isV6: false)
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self = withUnsafeBytes(of: v6) { bytes in
                ResolvedAddress(
                    high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    isV6: true
                )
            }
        } else {
            return nil
        }
    }
}
