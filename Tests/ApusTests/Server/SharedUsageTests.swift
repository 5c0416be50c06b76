import ApusPolicy
import ApusWire
import Testing

@testable import Apus

@Suite("the shared counts of limits")
struct SharedUsageTests {
    private let moment = UsageMoment(now: 0, unix: 0)

    private func limit(_ name: String? = nil, users: [UserPattern] = [], _ change: (inout UsageLimit) -> Void) -> Rule {
        var limit = UsageLimit()
        change(&limit)
        var condition = Condition()
        condition.users = users
        return Rule(.limit(limit), when: condition, name: name)
    }

    private func key(_ rules: UsageRules, _ rule: UInt16, client: UInt32 = 1) throws -> UsageKey {
        let entry = try #require(rules.entry(rule))
        return UsageKey(limit: entry.number, shares: entry.key, client: IPAddress(v4: client), user: nil)
    }

    @Test("rules that are no limit, and places behind the last rule, count nothing")
    func places() {
        let usage = SharedUsage()
        let rules = usage.take([Rule(.allow(Permission())), limit { $0.tunnels = 1 }, Rule(.deny(Rejection()))])
        #expect(rules.entry(0) == nil && rules.entry(1) != nil && rules.entry(2) == nil && rules.entry(3) == nil)
        #expect(rules.entry(Decision.noRule) == nil && UsageRules.none.entry(0) == nil)
        #expect(rules.entry(1)?.countsBytes == false)
        #expect(usage.take([limit { $0.volume = .init(1, per: 1) }]).entry(0)?.countsBytes == true)
    }

    @Test("a limit that is loaded anew goes on where it was, wherever it stands, by its new amounts")
    func reload() throws {
        let usage = SharedUsage()
        let first = usage.take([limit { $0.connections = 1 }, limit("named") { $0.connections = 1 }])
        let plain = try usage.admit(key(first, 0), isTunnel: false, at: moment).get()
        _ = try usage.admit(key(first, 1), isTunnel: false, at: moment).get()
        let second = usage.take([
            Rule(.deny(Rejection())), limit("named") { $0.connections = 1 }, limit { $0.connections = 2 },
        ])
        #expect(try usage.excess(key(second, 1), isTunnel: false, at: moment) == LimitViolation(.userConnectionLimit))
        #expect(try usage.excess(key(second, 2), isTunnel: false, at: moment) == nil)
        usage.release(plain, isTunnel: false)
        let third = usage.take([limit("other") { $0.connections = 1 }])
        #expect(try usage.excess(key(third, 0), isTunnel: false, at: moment) == nil)
    }

    @Test("two limits that are the same word for word count apart")
    func twins() throws {
        let usage = SharedUsage()
        let rules = usage.take([
            limit { $0.requests = .init(1, per: 1_000_000) }, limit { $0.requests = .init(1, per: 1_000_000) },
        ])
        _ = try usage.admit(key(rules, 0), isTunnel: false, at: moment).get()
        _ = try usage.admit(key(rules, 1), isTunnel: false, at: moment).get()
        #expect(try key(rules, 0) != key(rules, 1))
        let again = usage.take([
            limit { $0.requests = .init(1, per: 1_000_000) }, limit { $0.requests = .init(1, per: 1_000_000) },
        ])
        #expect(try key(rules, 0) == key(again, 0) && key(rules, 1) == key(again, 1))
    }

    @Test("threads at the same time are never admitted beyond a bound, and all that is released can be taken again")
    func threads() async throws {
        let usage = SharedUsage()
        let rules = usage.take([
            limit {
                $0.connections = 100; $0.key = .rule
            }
        ])
        let key = try key(rules, 0)
        let handles = await withTaskGroup(of: [UInt32].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<50).compactMap { _ in
                        try? usage.admit(key, isTunnel: true, at: UsageMoment(now: 0, unix: 0)).get()
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(handles.count == 100 && Set(handles).count == 1)
        for handle in handles { usage.release(handle, isTunnel: true) }
        #expect(usage.excess(key, isTunnel: false, at: moment) == nil)
    }

    @Test("the counts are bounded in all")
    func bounded() throws {
        let usage = SharedUsage(capacity: 160)
        let rules = usage.take([limit { $0.connections = 1 }])
        var refused = 0
        for client in 0..<1000 {
            if case .failure(let excess) = usage.admit(
                try key(rules, 0, client: UInt32(client)),
                isTunnel: false,
                at: moment
            ) {
                #expect(excess.refusal == .usageTableFull)
                refused += 1
            }
        }
        #expect(usage.count <= 160 && refused == 1000 - usage.count)
    }
}
