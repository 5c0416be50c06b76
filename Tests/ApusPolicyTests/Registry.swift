import ApusPolicy
import ApusSamples
import Glibc

/// The IANA registries as text, read by the C library and compared bit by bit: an independent reading of the rules.
///
/// Rows of the IPv4 and IPv6 special-purpose address registries, of the multicast registries, and of the IPv6 address
/// space registry (all that is not 2000::/3 is reserved unless a longer row says otherwise). The longest prefix wins.
enum Registry {
    static let rows: [(block: String, name: String)] = [
        ("0.0.0.0/0", "global"), ("0.0.0.0/8", "thisNetwork"), ("0.0.0.0/32", "unspecified"),
        ("10.0.0.0/8", "privateUse"), ("100.64.0.0/10", "sharedAddressSpace"), ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "linkLocal"), ("172.16.0.0/12", "privateUse"), ("192.0.0.0/24", "ietfProtocol"),
        ("192.0.0.0/29", "ietfProtocol"), ("192.0.0.8/32", "dummy"), ("192.0.0.9/32", "global"),
        ("192.0.0.10/32", "global"), ("192.0.0.170/32", "ietfProtocol"), ("192.0.0.171/32", "ietfProtocol"),
        ("192.0.2.0/24", "documentation"), ("192.31.196.0/24", "global"), ("192.52.193.0/24", "global"),
        ("192.88.99.0/24", "sixToFourRelay"), ("192.168.0.0/16", "privateUse"), ("192.175.48.0/24", "global"),
        ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"), ("255.255.255.255/32", "broadcast"),
        ("::/0", "reserved"), ("2000::/3", "global"), ("::/96", "unwrap"), ("::1/128", "loopback"),
        ("::/128", "unspecified"), ("::ffff:0:0/96", "unwrap"), ("64:ff9b::/96", "unwrap"),
        ("64:ff9b:1::/48", "translationLocal"), ("100::/64", "discardOnly"), ("100:0:0:1::/64", "dummy"),
        ("2001::/23", "ietfProtocol"), ("2001::/32", "teredo"), ("2001:1::1/128", "global"),
        ("2001:1::2/128", "global"), ("2001:1::3/128", "global"), ("2001:2::/48", "benchmarking"),
        ("2001:3::/32", "global"), ("2001:4:112::/48", "global"), ("2001:10::/28", "ietfProtocol"),
        ("2001:20::/28", "global"), ("2001:30::/28", "global"), ("2001:db8::/32", "documentation"),
        ("2002::/16", "sixToFour"), ("2620:4f:8000::/48", "global"), ("3fff::/20", "documentation"),
        ("5f00::/16", "segmentRouting"), ("fc00::/7", "uniqueLocal"), ("fe80::/10", "linkLocal"),
        ("fec0::/10", "siteLocal"), ("ff00::/8", "multicast"),
    ]

    /// A row as the bits of its prefix and the width of its family.
    struct Block {
        let prefix: [Bool]
        let width: Int
        let name: String
    }

    static let blocks: [Block] = rows.compactMap { row in
        let parts = row.block.split(separator: "/")
        guard let all = bits(String(parts[0])), let length = Int(parts[1]) else { return nil }
        return Block(prefix: Array(all.prefix(length)), width: all.count, name: row.name)
    }

    /// The 32 or 128 bits of an address, from the left; nil if the C library does not know it.
    static func bits(_ text: String) -> [Bool]? {
        var storage = [UInt8](repeating: 0, count: 16)
        var width = 32
        if inet_pton(AF_INET, text, &storage) != 1 {
            guard inet_pton(AF_INET6, text, &storage) == 1 else { return nil }
            width = 128
        }
        return (0..<width).map { storage[$0 / 8] >> UInt8(7 - $0 % 8) & 1 == 1 }
    }

    /// The name of the class of an address given by its bits.
    static func name(_ bits: [Bool]) -> String {
        var best: Block?
        for block in blocks where block.width == bits.count && bits.starts(with: block.prefix) {
            if block.prefix.count >= best?.prefix.count ?? 0 { best = block }
        }
        guard let best else { return "none" }
        return best.name == "unwrap" ? name(Array(bits.suffix(32))) : best.name
    }
}

extension SplitMix {
    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }
}

/// Every way to write the same bits.
enum Spelling {
    static func quad(_ bits: some Collection<Bool>) -> String {
        numbers(bits, width: 8).map(String.init).joined(separator: ".")
    }

    /// All spellings: full, short, upper case, with `::` at each run of zeros, with a quad at the end.
    static func all(_ bits: [Bool]) -> [String] {
        if bits.count == 32 { return [quad(bits)] }
        let groups = numbers(bits, width: 16)
        let short = groups.map { String($0, radix: 16) }
        let full = short.map { String(repeating: "0", count: 4 - $0.count) + $0 }
        let tail = quad(bits.suffix(32))
        var texts = [short.joined(separator: ":"), full.joined(separator: ":").uppercased()]
        texts.append((full.prefix(6) + [tail]).joined(separator: ":"))
        for start in 0..<8 {
            for end in start..<8 where groups[start...end].allSatisfy({ $0 == 0 }) {
                let head = short[..<start].joined(separator: ":") + "::"
                texts.append(head + short[(end + 1)...].joined(separator: ":"))
                if end < 6 { texts.append(head + (full[(end + 1)..<6] + [tail]).joined(separator: ":")) }
            }
        }
        return texts
    }

    private static func numbers(_ bits: some Collection<Bool>, width: Int) -> [Int] {
        let all = Array(bits)
        return stride(from: 0, to: all.count, by: width).map { start in
            all[start..<start + width].reduce(0) { $0 * 2 + ($1 ? 1 : 0) }
        }
    }
}
