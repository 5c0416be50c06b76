import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct UsageRateTests {
    private func fault(_ text: String) -> String {
        do throws(ValueFault) { return "no fault, but \(try UsageRate.parseRequests(text))" } catch {
            return error.message
        }
    }

    @Test(
        "a number of requests in a period, or in several",
        arguments: [
            ("50/s", 50, 1), ("100/min", 100, 60), ("100/m", 100, 60), ("5/hour", 5, 3600), ("1000/day", 1000, 86400),
            ("7 / week", 7, 604_800), ("1000/10min", 1000, 600), ("20/30s", 20, 30),
        ] as [(String, UInt64, UInt64)]
    )
    func requests(_ text: String, _ amount: UInt64, _ seconds: UInt64) throws {
        #expect(try UsageRate.parseRequests(text) == UsageLimit.Rate(amount, per: seconds * 1_000_000))
    }

    @Test("a size in a period")
    func bytes() throws {
        #expect(try UsageRate.parseBytes("10MB/s", example: "") == UsageLimit.Rate(10_000_000, per: 1_000_000))
        #expect(try UsageRate.parseBytes("64KiB/s", example: "") == UsageLimit.Rate(65536, per: 1_000_000))
    }

    @Test(
        "what is no rate says what is missing",
        arguments: [
            ("50", "\"50\" does not say in which time; write 50/s, or a part of min, hour, day or week"),
            ("50/s/s", "\"50/s/s\" is no rate; it takes an amount, a slash and a period, as in 50/s"),
            ("0.5/s", "\"0.5/s\" is no whole number; take a longer period, as in 30/min"),
            ("0/s", "\"0/s\" lets nothing through; a deny rule says so more clearly"),
            ("x/s", "\"x\" is no whole number"),
            ("5/month", "\"month\" is no period; it takes s, min, hour, day or week, or several as in 10min"),
            ("5/0s", "\"0s\" is no period; it takes s, min, hour, day or week, or several as in 10min"),
            ("5/", "\"\" is no period; it takes s, min, hour, day or week, or several as in 10min"),
            (
                "5/99999999999999999999s",
                "\"99999999999999999999s\" is no period; it takes s, min, hour, day or week, or several as in 10min"
            ),
        ]
    )
    func faults(_ text: String, _ message: String) {
        #expect(fault(text) == message)
    }

    @Test("what is described reads back", arguments: ["50/s", "100/min", "5/hour", "1/week", "1000/10m", "9/2d"])
    func described(_ text: String) throws {
        #expect(UsageRate.describe(try UsageRate.parseRequests(text), isBytes: false) == text)
        #expect(UsageRate.describe(try UsageRate.parseBytes("5GB/day", example: ""), isBytes: true) == "5GB/day")
        #expect(UsageRate.describe(try UsageRate.parseBytes("64KiB/s", example: ""), isBytes: true) == "64KiB/s")
    }
}
