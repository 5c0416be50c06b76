import ApusFlow
import ApusReport
import Testing

@testable import ApusAdmin

@Suite("Prometheus' text format")
struct PrometheusTextTests {
    private func text(_ fill: (inout PrometheusText) -> Void) -> String {
        var page = PrometheusText()
        fill(&page)
        return String(decoding: page.bytes, as: UTF8.self)
    }

    @Test("a family has its help and type, a sample its labels") func samples() {
        let page = text { page in
            page.family("a_total", "counter", "How many.")
            page.sample("a_total", [("x", "1"), ("y", "two")], "3")
            page.single("b", "gauge", "How much.", 4.5)
        }
        #expect(
            page == """
                # HELP a_total How many.
                # TYPE a_total counter
                a_total{x="1",y="two"} 3
                # HELP b How much.
                # TYPE b gauge
                b 4.5

                """
        )
    }

    @Test("a label's value cannot end its line or its quotes") func escapes() {
        let page = text { $0.sample("a", [("rule", "say \"no\"\\\nb 1")], "1") }
        #expect(page == #"a{rule="say \"no\"\\\nb 1"} 1"# + "\n")
        #expect(text { $0.sample("a", [("rule", "für alle")], "1") } == "a{rule=\"für alle\"} 1\n")
    }

    @Test(
        "microseconds are seconds without an exponent",
        arguments: [
            (0, "0"), (1, "0.000001"), (10, "0.00001"), (1500, "0.0015"), (1_000_000, "1"), (12_345_678, "12.345678"),
            (100_000_000, "100"), (UInt64.max, "18446744073709.551615"),
        ] as [(UInt64, String)]
    )
    func seconds(microseconds: UInt64, text: String) { #expect(PrometheusText.seconds(microseconds) == text) }

    @Test("a histogram's buckets hold all below them, by bounds of 1, 2 and 5") func histogram() {
        var histogram = LatencyHistogram()
        for microseconds in [5, 10, 11, 1_500, 1_999, 2_000, 2_001, 200_000_000] as [UInt64] {
            histogram.add(microseconds)
        }
        let lines = text { $0.histogram("t", histogram, [("phase", "x")]) }.split(separator: "\n").map(String.init)
        #expect(lines.count == 3 * 7 + 1 + 3)
        #expect(lines.first == #"t_bucket{phase="x",le="0.00001"} 2"#)
        #expect(lines.contains(#"t_bucket{phase="x",le="0.00002"} 3"#))
        #expect(lines.contains(#"t_bucket{phase="x",le="0.001"} 3"#))
        #expect(lines.contains(#"t_bucket{phase="x",le="0.002"} 6"#))
        #expect(lines.contains(#"t_bucket{phase="x",le="0.005"} 7"#))
        #expect(lines.contains(#"t_bucket{phase="x",le="100"} 7"#))
        #expect(
            lines.suffix(3) == [
                #"t_bucket{phase="x",le="+Inf"} 8"#, #"t_sum{phase="x"} 200.007526"#, #"t_count{phase="x"} 8"#,
            ]
        )
    }

    @Test("an empty histogram has all its buckets") func empty() {
        let lines = text { $0.histogram("t", LatencyHistogram()) }.split(separator: "\n")
        #expect(lines.count == 25)
        #expect(lines.allSatisfy { $0.hasSuffix(" 0") })
    }
}
