import ApusWire
import Testing

@Suite("spellings of IPv4 that are refused")
struct IPAddressLegacyTests {
    @Test(
        "every spelling that someone reads as IPv4 is found out",
        arguments: [
            "0177.0.0.1", "0177.1", "0177.0.1", "017700000001", "0x7f.1", "0x7f.0.0.1", "0X7F.0.0.0X1", "0x7f000001",
            "2130706433", "127.1", "127.0.1", "127.0.0.1.", "0", "0x", "0X", "1.2.3.0x", "00000000177.1", "127.0.0.01",
            "127.0.0.0x1", "256.256.256.256", "1.2.3.4.5", "1.2.3.4.5.", "08.1", "4294967296", "99999999999999999999",
            "example.1", "example.0x7f", "a.b.c.09", "0xdeadbeef.", "1.2.3.", "169.254.43518", "0251.0376.0251.0376",
            "0xa9fea9fe", "2852039166", "0.", "1.", "1..2", "0x7F.00000000001", "127.000.000.001",
        ]
    )
    func found(host: String) {
        #expect(inside(host, IPAddress.looksLikeLegacyIPv4))
        #expect(inside(host, IPAddress.parse) == nil)
    }

    @Test(
        "strict dotted quads, IPv6 and names are left alone",
        arguments: [
            "127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::1.2.3.4", "2001:db8::1", "", ".", "..", "a.",
            "example.com", "example.com.", "1.example", "1e1.e1", "127.0.0.1.example", "0x7g", "0xg", "x7f", "1-2",
            "deadbeef", "1.2.3.4a", "1.2.3.0y", "0b1", "0o17", "1_0", "xn--1", "a.0x0x",
        ]
    )
    func leftAlone(host: String) {
        #expect(!inside(host, IPAddress.looksLikeLegacyIPv4))
    }
}
