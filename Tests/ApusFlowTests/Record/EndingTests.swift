import ApusFlow
import Testing

@Suite struct EndingTests {
    @Test(
        "an ending says who ended it, in which stage, and how, in two letters and in words",
        arguments: [
            (Ending.complete, "--", "complete"),
            (Ending(.client, .relay, .reset), "CT", "client: reset during the transfer"),
            (Ending(.upstream, .reach, .unreachable), "UC", "upstream: unreachable while connecting"),
            (Ending(.upstream, .relay, .timeout), "uT", "upstream: timeout during the transfer"),
            (Ending(.client, .read, .timeout), "cR", "client: timeout while the request was read"),
            (Ending(.proxy, .decide, .refused), "PD", "proxy: refused while rules were asked"),
            (Ending(.upstream, .lookUp, .unreachable), "UN", "upstream: unreachable during the name look-up"),
        ]
    )
    func codes(_ ending: Ending, _ code: String, _ words: String) {
        #expect(ending.code == code)
        #expect(ending.description == words)
    }

    @Test("no two endings that went wrong differ in side or stage and share a code")
    func distinct() {
        var codes: Set<String> = []
        for who in Side.allCases {
            for stage in Stage.allCases {
                for how in [Ending.How.timeout, .reset] { codes.insert(Ending(who, stage, how).code) }
            }
        }
        #expect(codes.count == Side.allCases.count * Stage.allCases.count * 2)
    }

    @Test("an ending takes three bytes")
    func size() {
        #expect(MemoryLayout<Ending>.size == 3)
    }
}
