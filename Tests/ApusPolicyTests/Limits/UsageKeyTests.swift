import ApusPolicy
import ApusWire
import Testing

@Suite("whose count it is")
struct UsageKeyTests {
    private let address = IPAddress(v4: 0xc000_0201)

    private func user(_ name: String) -> UserDigest { UserDigest(Array(name.utf8).span) }

    private func key(
        _ shares: UsageLimit.Key,
        limit: UInt32 = 0,
        client: UInt32 = 0xc000_0201,
        user: UserDigest? = nil
    ) -> UsageKey { UsageKey(limit: limit, shares: shares, client: IPAddress(v4: client), user: user) }

    @Test("by rule: all share; by client: each address; by user: each name, and without one the address")
    func shares() {
        #expect(key(.rule) == key(.rule, client: 1, user: user("anna")))
        #expect(key(.client) == key(.client, user: user("anna")) && key(.client) != key(.client, client: 1))
        #expect(key(.user, user: user("anna")) == key(.user, client: 1, user: user("anna")))
        #expect(key(.user, user: user("anna")) != key(.user, user: user("bo")))
        #expect(key(.user, user: user("")) != key(.user, user: user("\0")))
        #expect(key(.user) == key(.client))
        #expect(Set([key(.rule), key(.client), key(.user, user: user("anna"))]).count == 3)
    }

    @Test("an IPv6 client is its network, of 64 bits or as many as are set, and one behind NAT64 its IPv4 address")
    func networks() {
        func key(_ high: UInt64, _ low: UInt64, bits: UInt8 = 64) -> UsageKey {
            UsageKey(limit: 0, shares: .client, client: IPAddress(v6High: high, low: low), bits: bits, user: nil)
        }
        #expect(key(1, 1) == key(1, .max) && key(1, 1) != key(2, 1))
        #expect(key(1, 1, bits: 128) != key(1, 2, bits: 128) && key(1, 1, bits: 128) == key(1, 1, bits: 128))
        #expect(key(2, 1, bits: 62) == key(1, 1, bits: 62))
        #expect(key(0x0064_ff9b_0000_0000, 0xc000_0201) == self.key(.client))
    }

    @Test("limits share nothing, and a mapped address is the IPv4 one")
    func limits() {
        for shares in UsageLimit.Key.allCases { #expect(key(shares, limit: 0) != key(shares, limit: 1)) }
        let mapped = IPAddress(v6High: 0, low: 0xffff_c000_0201)
        #expect(UsageKey(limit: 0, shares: .client, client: mapped, user: nil) == key(.client))
        let v6 = IPAddress(v6High: 0, low: 0xc000_0201)
        #expect(UsageKey(limit: 0, shares: .client, client: v6, user: nil) != key(.client))
    }
}
