import ApusFlow
import ApusPolicy
import ApusReport
import ApusSamples
import Testing

@Suite struct ShortLogLineTests {
    @Test("a request is a short line for people")
    func request() {
        #expect(
            logged(sampleRecord(), .short(colour: false))
                == "13:55:36Z 192.0.2.1 200 GET http://example.com/a?token=secret 2.2 KiB 34 ms\n"
        )
        #expect(
            logged(sampleTunnel(), .short(colour: false))
                == "13:55:36Z 192.0.2.1 200 CONNECT [2001:db8::1]:443 up 120 B, down 2.2 KiB 34 ms\n"
        )
    }

    @Test("who asked is told, and the time is that of a zone, which is told too")
    func who() {
        var record = sampleRecord()
        record.user = "an na"
        for (zone, time) in [
            ("UTC", "13:55:36Z"), ("+02:00", "15:55:36+02"), ("-03:30", "10:25:36-03:30"), ("+12", "01:55:36+12"),
        ] {
            let line = logged(record, .short(colour: false, zone: TimeZoneRules(fixed: zone) ?? .utc))
            #expect(line.hasPrefix("\(time) an%20na@192.0.2.1 200 GET "), "\(line)")
        }
    }

    @Test(
        "the status is coloured by its class",
        arguments: [
            (200, "\u{1b}[32m200\u{1b}[0m"), (304, "\u{1b}[36m304\u{1b}[0m"), (403, "\u{1b}[33m403\u{1b}[0m"),
            (502, "\u{1b}[31m502\u{1b}[0m"), (101, "\u{1b}[35m101\u{1b}[0m"), (0, "\u{1b}[31m---\u{1b}[0m"),
        ] as [(UInt16, String)]
    )
    func colours(_ status: UInt16, _ text: String) {
        var record = sampleRecord()
        record.status = status
        #expect(logged(record, .short(colour: true)).contains(" \(text) GET "))
        #expect(!logged(record, .short(colour: false)).contains("\u{1b}"))
    }

    @Test("what did not go well is explained")
    func why() {
        var record = sampleRecord()
        record.port = 8080
        record.status = 403
        record.ending = Ending(.proxy, .decide, .refused)
        record.fault = "denied"
        record.reason = "No rule allows port 8080.\n"
        #expect(
            logged(record, .short(colour: false), redactQueries: true)
                == "13:55:36Z 192.0.2.1 403 GET http://example.com:8080/a?… 2.2 KiB 34 ms  "
                + "proxy: refused while rules were asked; No rule allows port 8080.\\u{a}\n"
        )
    }

    @Test("what came behind an answer is told, behind all else")
    func unread() {
        var record = sampleRecord()
        record.unread = 0
        #expect(logged(record, .short(colour: false)).hasSuffix(" 2.2 KiB 34 ms\n"))
        record.unread = 16 << 20
        let told = "answered early, 16 MiB came behind the answer\n"
        #expect(logged(record, .short(colour: false)).hasSuffix(" 34 ms  \(told)"))
        record.ending = Ending(.proxy, .decide, .refused)
        #expect(logged(record, .short(colour: false)).hasSuffix("  proxy: refused while rules were asked; \(told)"))
        record.reason = "No."
        #expect(logged(record, .short(colour: false)).hasSuffix("; No.; \(told)"))
    }

    @Test(
        "sizes and durations are rounded to what people read",
        arguments: [
            (0, 0, "0 B 0 ms"), (1023, 400, "1023 B 0.4 ms"), (1024, 1000, "1 KiB 1 ms"),
            (1536, 9_950, "1.5 KiB 9.9 ms"),
            (10 << 20, 999_999, "10 MiB 999 ms"), (3 << 40, 1_500_000, "3 TiB 1.5 s"),
            (5 << 50, 59_999_999, "5120 TiB 59 s"),
            (1, 61_000_000, "1 B 1 min 1 s"), (1, -5, "1 B 0 ms"),
        ] as [(UInt64, Int64, String)]
    )
    func units(_ bytes: UInt64, _ micros: Int64, _ text: String) {
        var record = sampleRecord()
        record.bytes.toClient = bytes
        record.times.total = micros
        #expect(logged(record, .short(colour: false)).hasSuffix(" \(text)\n"))
    }
}
