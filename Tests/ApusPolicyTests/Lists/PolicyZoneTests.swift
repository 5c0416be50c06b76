import ApusWire
import Testing

@testable import ApusPolicy

@Suite("Policy zone")
struct PolicyZoneTests {
    private func read(_ text: String) -> HostListReading { HostListFormat.rpz.read(text) }

    private let head = """
        $TTL 1h
        $ORIGIN rpz.test.
        @ 300 IN SOA ns.test. me.test. ( 1 ; serial
            3600 600 86400 60 )
          IN NS ns.test.

        """

    @Test("a name is itself, a wildcard what is under it; the longest name decides")
    func names() {
        let reading = read(
            head + """
                Ads.example CNAME .
                *.ads.example CNAME .
                *.ok.ads.example CNAME rpz-passthru.
                bad.ok.ads.example CNAME .
                one.example CNAME .
                """
        )
        #expect(reading.entries == 4)
        #expect(reading.skipped == 0, "\(reading.told)")
        for host in ["ads.example", "a.ads.example", "ok.ads.example", "bad.ok.ads.example", "one.example"] {
            #expect(reading.holds(host), "\(host)")
        }
        for host in ["a.ok.ads.example", "a.one.example", "x.bad.ok.ads.example", "example"] {
            #expect(!reading.holds(host), "\(host)")
        }
    }

    @Test("an exception beats the entry for the same name")
    func same() {
        #expect(!read("a.example CNAME rpz-passthru.\na.example CNAME .\n").holds("a.example"))
    }

    @Test(
        "actions that refuse",
        arguments: [
            "CNAME .", "cname *.", "IN CNAME RPZ-DROP.", "300 IN CNAME .", "IN 1h30m CNAME .", "A 0.0.0.0", "AAAA ::",
            "A 127.0.0.1",
            "AAAA ::1", "( CNAME\n . )",
        ]
    )
    func refusing(_ action: String) {
        let reading = read(head + "a.example \(action)\n")
        #expect(reading.holds("a.example"))
        #expect(reading.skipped == 0)
    }

    @Test("actions that let pass", arguments: ["CNAME rpz-passthru.", "CNAME a.b.example.", "CNAME A.b.Example."])
    func passing(_ action: String) {
        let reading = read(head + "*.b.example CNAME .\na.b.example \(action)\n")
        #expect(!reading.holds("a.b.example"))
        #expect(reading.holds("c.b.example"))
        #expect(reading.entries == 2)
    }

    @Test(
        "actions that do neither are left out",
        arguments: [
            "CNAME garden.test.", "CNAME rpz-tcp-only.", "CNAME garden", "A 192.0.2.1", "TXT \"x\"", "MX 10 m.test.",
            "A 0", "CNAME rpz-passthru",
        ]
    )
    func other(_ action: String) {
        let reading = read(head + "a.example \(action)\n")
        #expect(reading.entries == 0)
        #expect(reading.faults == [.init(line: 6, reason: .action)])
    }

    @Test("triggers that are no names are left out")
    func triggers() {
        let reading = read(
            head + """
                32.1.2.0.192.rpz-ip CNAME .
                24.0.2.0.192.rpz-client-ip CNAME rpz-drop.
                ns.example.rpz-nsdname CNAME .
                32.1.2.0.192.RPZ-nsip CNAME .
                * CNAME .
                """
        )
        #expect(reading.entries == 0)
        #expect(reading.faults.map(\.reason) == [.trigger, .trigger, .trigger, .trigger, .name(.wildcard)])
        #expect(reading.faults.map(\.line) == [6, 7, 8, 9, 10])
    }

    @Test("names are relative to the origin in force, absolute ones to the zone")
    func origins() {
        let reading = read(
            head + """
                a.example.rpz.test. CNAME .
                $ORIGIN example.rpz.test.
                b CNAME .
                @ CNAME .
                $ORIGIN elsewhere.test.
                c CNAME .
                d.example. CNAME .
                """
        )
        for host in ["a.example", "b.example", "example"] { #expect(reading.holds(host), "\(host)") }
        #expect(reading.faults.map(\.reason) == [.outsideZone, .outsideZone])
        #expect(reading.faults.map(\.line) == [11, 12])
    }

    @Test("the SOA's owner is the zone, whatever the origin")
    func owner() {
        let reading = read(
            "$ORIGIN test.\nrpz SOA ns.test. me.test. 1 2 3 4 5\na.example.rpz CNAME .\nb.example CNAME .\n"
        )
        #expect(reading.holds("a.example"))
        #expect(reading.faults == [.init(line: 4, reason: .outsideZone)])
    }

    @Test("without origin and with a SOA of @, names are what they are")
    func bare() {
        let reading = read(
            "@ SOA localhost. root.localhost. 1 2 3 4 5\n@ NS localhost.\na.example CNAME .\nb.example. CNAME .\n"
        )
        #expect(reading.holds("a.example"))
        #expect(reading.entries == 1)
        #expect(reading.faults == [.init(line: 4, reason: .outsideZone)])
    }

    @Test("a record without owner is about the one before")
    func inherited() {
        let reading = read(head + "a.example CNAME .\n  TXT \"why\"\nb.example A 0.0.0.0\n  AAAA ::\n")
        #expect(reading.entries == 2)
        #expect(reading.faults == [.init(line: 7, reason: .action)])
    }

    @Test("what is no record is left out, and what the zone says of itself passed over")
    func faults() {
        let reading = read(
            head + """
                @ TXT "a zone"
                $INCLUDE more.zone
                $ORIGIN
                a.example CNAME
                a.example
                a.example 300 IN
                bücher.example CNAME .
                a\\.b.example CNAME .
                a.example TXT "open
                b.example CNAME .
                c.example CNAME ( .
                d.example CNAME .
                """
        )
        #expect(reading.holds("b.example"))
        #expect(reading.entries == 1)
        #expect(reading.faults.map(\.line) == [7, 8, 9, 10, 11, 12, 13, 14, 16])
        #expect(
            reading.faults.map(\.reason) == [
                .directive, .directive, .record, .record, .record, .name(.nonASCII), .name(.forbiddenCharacter),
                .record, .record,
            ]
        )
        #expect(read("  CNAME .\n").faults == [.init(line: 1, reason: .record)])
    }
}
