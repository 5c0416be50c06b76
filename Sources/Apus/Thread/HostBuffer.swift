internal import ApusWire

/// A host in normal form (lower case, no trailing dot, an IPv6 address as RFC 5952 spells it), on the stack: the key of pool and name
/// cache, and what records show.
struct HostBuffer: ~Copyable {
    private var storage = InlineArray<256, UInt8>(repeating: 0)
    private(set) var count = 0

    init(_ bytes: Span<UInt8>, _ authority: Authority) {
        // SOCKS says addresses as numbers: there is no text to take.
        if let address = authority.address, address.family == .v6 || authority.host.isEmpty {
            var (text, length) = (InlineArray<256, UInt8>(repeating: 0), 0)
            address.spell { byte in
                text[length] = byte
                length += 1
            }
            (storage, count) = (text, length)
            return
        }
        for i in authority.host.range.prefix(255) {
            storage[count] = HostName.lowercased(bytes[i])
            count &+= 1
        }
        if count > 1, storage[count - 1] == 0x2e { count -= 1 }
    }

    /// Shows the bytes.
    @inline(__always)
    borrowing func with<R>(_ body: (Span<UInt8>) -> R) -> R {
        body(storage.span.extracting(0..<count))
    }
}
