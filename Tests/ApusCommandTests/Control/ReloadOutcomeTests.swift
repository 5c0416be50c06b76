import Apus
import ApusAdvice
import ApusPolicy
import ApusReport
import Testing

@testable import ApusCommand

@Suite("What a reload has come to")
struct ReloadOutcomeTests {
    @Test("settings that have changed are told apart from those that wait for a start") func settings() {
        var (before, after) = (ProxyConfiguration(), ProxyConfiguration())
        before.limits.fields = 90
        after.limits.fields = 80
        after.threads = 7
        after.log.format = .json
        var outcome = ReloadOutcome()
        outcome.compare(before, after, started: ProxyConfiguration(), needsStart: ["threads", "log"])
        #expect(outcome.settings == [.init(key: "limits.fields", before: "90", after: "80")])
        #expect(outcome.waiting.map(\.key) == ["threads", "log.format"])
        #expect(outcome.waiting.first?.after == "7")
    }

    @Test("what waits since an earlier reload still does, against the settings of the start") func stillWaiting() {
        var now = ProxyConfiguration()
        now.threads = 7
        var outcome = ReloadOutcome()
        outcome.compare(now, now, started: ProxyConfiguration(), needsStart: ["threads"])
        #expect(outcome.settings == [])
        #expect(outcome.waiting == [.init(key: "threads", before: "the cores", after: "7")])
    }

    private func value(_ outcome: ReloadOutcome) throws -> JSONValue {
        let value = JSONValue.parse(outcome.json.span)
        return try #require(value)
    }

    @Test("the answer is one line, with faults or with changes, and says how many more there are") func json() throws {
        var failed = ReloadOutcome(file: "f")
        failed.faults = (0..<300).map { "f:\($0):1: wrong\n" }
        let fault = try value(failed)
        #expect(fault["ok"]?.truth == false)
        #expect(fault["faults"]?.elements.count == 200)
        #expect(fault["fault_count"]?.whole == 300)
        #expect(!failed.json.contains(0x0a))
        var policy = PolicyRules()
        policy.rules = (0..<300).map { Rule(.deny(Rejection()), name: "r\($0)") }
        var outcome = ReloadOutcome(file: "f", rules: 300)
        outcome.policy = PolicyDifference(from: PolicyRules(), to: policy)
        let value = try value(outcome)
        #expect(value["ok"]?.truth == true)
        #expect(value["added"]?.elements.count == 200)
        let lines = ReloadText.lines(value)
        #expect(lines.first == "reloaded f: 300 rules")
        #expect(lines.contains { $0.hasPrefix("  + r0 (") })
        #expect(lines.contains("  + and 100 more"))
    }
}
