import ApusWire
import Testing

@testable import ApusPolicy

@Suite("Hosts file")
struct HostsFileTests {
    @Test("names stand for themselves alone, several on a line, behind any address")
    func names() {
        let reading = HostListFormat.hosts.read(
            """
            0.0.0.0 ads.example
            127.0.0.1\ttrack.example  Other.Example. # two
            :: v6.example
            fe80::1%lo0 zoned.example
            192.0.2.9 192.0.2.8
            """
        )
        #expect(reading.entries == 6)
        #expect(reading.skipped == 0)
        for host in ["ads.example", "track.example", "other.example", "v6.example", "zoned.example", "192.0.2.8"] {
            #expect(reading.holds(host), "\(host)")
        }
        #expect(!reading.holds("x.ads.example"))
        #expect(!reading.holds("example"))
    }

    @Test("what such files say of the machine itself is passed over")
    func own() {
        let reading = HostListFormat.hosts.read(
            """
            # a usual head
            127.0.0.1 localhost
            127.0.0.1 LocalHost.localdomain
            255.255.255.255 broadcasthost
            ::1 ip6-localhost ip6-loopback
            ff02::1 ip6-allnodes
            0.0.0.0 0.0.0.0
            0.0.0.0 localhost.example
            """
        )
        #expect(reading.entries == 1)
        #expect(reading.skipped == 0)
        #expect(reading.holds("localhost.example"))
        #expect(!reading.holds("localhost"))
    }

    @Test("what is no such line is left out with its number, the other names of the line stay")
    func faults() {
        let reading = HostListFormat.hosts.read(
            """
            ads.example
            0.0.0.0
            0.0.0.0 a..example good.example bücher.example
            0.0.0.0 *.example
            0 zero.example
            0.0.0.0 http://x.example/
            """
        )
        #expect(reading.entries == 1)
        #expect(reading.holds("good.example"))
        #expect(
            reading.faults == [
                .init(line: 1, reason: .noAddress), .init(line: 2, reason: .noName),
                .init(line: 3, reason: .name(.emptyLabel)), .init(line: 3, reason: .name(.nonASCII)),
                .init(line: 4, reason: .name(.wildcard)), .init(line: 5, reason: .noAddress),
                .init(line: 6, reason: .name(.forbiddenCharacter)),
            ]
        )
    }
}
