import ApusWire
import Testing

@testable import ApusPolicy

@Suite("metadata services")
struct MetadataServiceTests {
    /// As the clouds write them.
    static let addresses = [
        "168.63.129.16", "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.42.42", "100.100.100.200",
        "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd00:ec2::253", "fd00:ec2:ffff::1", "fd20:ce::254",
        "fd00:c1::a9fe:a9fe", "fd00:42::42", "fd00:a9fe:a9fe::1", "fd00:100::100:200", "fe80::a9fe:a9fe",
    ]

    @Test("each of them is known", arguments: addresses)
    func known(text: String) throws {
        #expect(try MetadataService.contains(#require(IPAddress(text))))
    }

    @Test("their neighbours are none")
    func neighbours() throws {
        for text in Self.addresses where !text.hasPrefix("fd00:ec2:") {
            let address = try #require(IPAddress(text))
            for low in [address.low &- 1, address.low &+ 1] {
                let other =
                    address.family == .v4
                    ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: address.high, low: low)
                #expect(!MetadataService.contains(other), "\(other)")
            }
        }
        for text in ["fd00:ec1:ffff::1", "fd00:ec3::254", "::254", "8.8.8.8", "2a00::254", "fd20:ce:1::254"] {
            #expect(try !MetadataService.contains(#require(IPAddress(text))), "\(text)")
        }
    }
}
