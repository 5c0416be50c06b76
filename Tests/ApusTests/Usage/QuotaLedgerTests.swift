import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@testable import Apus

@Suite("what a request holds of the counts")
struct QuotaLedgerTests {
    private func limit(_ key: UsageLimit.Key = .client, _ change: (inout UsageLimit) -> Void) -> Rule {
        var limit = UsageLimit()
        limit.key = key
        change(&limit)
        return Rule(.limit(limit))
    }

    private let moment = UsageMoment(now: 0, unix: 0)

    /// Claims by these rules; the hold, or what was against it.
    private func ask(
        _ holds: inout QuotaLedger,
        _ claims: [UInt16],
        _ rules: UsageRules,
        isTunnel: Bool = false,
        client: UInt32 = 1,
        at moment: UsageMoment = UsageMoment(now: 0, unix: 0)
    ) -> (hold: UInt32?, excess: LimitViolation?, rule: UInt16?) {
        let hold = holds.begin(isTunnel: isTunnel)
        for rule in claims {
            holds.claim(hold, rule: rule, of: rules, client: IPAddress(v4: client), user: nil, at: moment)
        }
        if let against = holds.settle(hold) { return (nil, against.excess, against.rule) }
        return (hold, nil, nil)
    }

    @Test("a request that one rule refuses counts in none, and is told the rule that takes longest")
    func allOrNothing() throws {
        let shared = SharedUsage()
        let rules = shared.take([
            limit { $0.requests = .init(5, per: 1_000_000) },
            limit { $0.connections = 1 },
            limit(.rule) { $0.requests = .init(1, per: 60_000_000) },
        ])
        var holds = QuotaLedger(shared)
        let first = ask(&holds, [0, 1, 2], rules)
        expect(first.hold != nil)
        for _ in 0..<10 {
            let refused = ask(&holds, [0, 1, 2], rules)
            expect(refused.excess == LimitViolation(.requestRateLimit, retryAfter: 60) && refused.rule == 2)
            let busy = ask(&holds, [0, 1], rules)
            expect(busy.excess == LimitViolation(.userConnectionLimit) && busy.rule == 1)
        }
        // Four of the five are still there.
        for _ in 0..<4 {
            let next = ask(&holds, [0], rules)
            expect(next.hold != nil)
        }
        expect(ask(&holds, [0], rules).excess?.refusal == .requestRateLimit)
        expect(holds.count == 5)
    }

    @Test("as many rules as there are can match, and all end with the request")
    func many() throws {
        let shared = SharedUsage()
        let rules = shared.take((0..<40).map { _ in limit { $0.connections = 1 } })
        var holds = QuotaLedger(shared)
        let all = (0..<40).map { UInt16($0) }
        var hold = try #require(ask(&holds, all, rules).hold)
        for rule in all { expect(ask(&holds, [rule], rules).excess != nil) }
        holds.release(&hold)
        expect(holds.count == 0 && hold == QuotaLedger.none)
        // What is left of it holds nothing, and gives nothing back.
        holds.release(&hold)
        expect(ask(&holds, all, rules).hold != nil)
    }

    @Test("a request becomes a tunnel where every limit has room for one, or in none of them")
    func promote() throws {
        let shared = SharedUsage()
        let rules = shared.take([
            limit { $0.tunnels = 2 }, limit(.rule) { $0.tunnels = 1 }, limit { $0.connections = 9 },
        ])
        var holds = QuotaLedger(shared)
        var one = try #require(ask(&holds, [0, 1, 2], rules).hold)
        var two = try #require(ask(&holds, [0, 1, 2], rules, client: 2).hold)
        expect(holds.promote(one) == nil && holds.promote(one) == nil)
        for _ in 0..<5 { expect(holds.promote(two) == LimitViolation(.userTunnelLimit)) }
        holds.release(&one)
        expect(holds.promote(two) == nil)
        holds.release(&two)
        expect(ask(&holds, [0, 1], rules, isTunnel: true, client: 2).hold != nil)
    }

    @Test("bytes are counted once, in every limit that matches")
    func spend() throws {
        let shared = SharedUsage()
        let rules = shared.take([
            limit { $0.bandwidth = .init(100_000, per: 1_000_000) },
            limit(.rule) { $0.volume = .init(200_000, per: 86_400_000_000) },
            limit { $0.tunnels = 4 },
        ])
        var holds = QuotaLedger(shared)
        let hold = try #require(ask(&holds, [0, 1, 2], rules).hold)
        expect(holds[hold].countsBytes)
        expect(holds.spend(hold, total: 32 << 10, at: moment).wait == 0)
        let pace = holds.spend(hold, total: 132_768, at: moment)
        expect(pace.wait == 1_000_000 && !pace.isUsedUp && pace.slice == 16 << 10)
        expect(holds.spend(hold, total: 132_768, at: moment) == pace)
        expect(holds.spend(hold, total: 100, at: moment) == pace)
        expect(holds.spend(hold, total: 200_000, at: moment).isUsedUp)
        expect(ask(&holds, [1], rules, client: 9).excess?.refusal == .volumeLimit)
        let free = try #require(ask(&holds, [2], rules).hold)
        expect(!holds[free].countsBytes && holds.spend(free, total: .max, at: moment) == UsagePace())
    }

    @Test("in random walks the counts are those of what runs, and nothing is left in the end", arguments: 0..<8)
    func walk(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let shared = SharedUsage()
        let rules = shared.take([
            limit { $0.connections = 3 }, limit(.rule) { $0.tunnels = 4 }, limit { $0.tunnels = 2 },
            limit(.rule) { $0.connections = 12 },
        ])
        var holds = QuotaLedger(shared)
        var running: [(hold: UInt32, claims: [UInt16], client: UInt32, isTunnel: Bool)] = []
        func room(_ claims: [UInt16], _ client: UInt32, _ isTunnel: Bool, running: [([UInt16], UInt32, Bool)]) -> Bool {
            claims.allSatisfy { rule in
                let alike = running.filter { $0.0.contains(rule) && (rule % 2 == 1 || $0.1 == client) }
                switch rule {
                case 0: return alike.count < 3
                case 1: return !isTunnel || alike.count(where: { $0.2 }) < 4
                case 2: return !isTunnel || alike.count(where: { $0.2 }) < 2
                default: return alike.count < 12
                }
            }
        }
        for _ in 0..<3000 {
            let plain = running.map { ($0.claims, $0.client, $0.isTunnel) }
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                let claims = (0..<4).filter { _ in Bool.random(using: &random) }.map { UInt16($0) }
                let client = UInt32.random(in: 0..<4, using: &random)
                let isTunnel = Bool.random(using: &random)
                let answer = ask(&holds, claims, rules, isTunnel: isTunnel, client: client)
                expect((answer.hold != nil) == room(claims, client, isTunnel, running: plain))
                if let hold = answer.hold { running.append((hold, claims, client, isTunnel)) }
            case 2:
                guard let index = running.indices.filter({ !running[$0].isTunnel }).randomElement(using: &random) else {
                    break
                }
                let mine = running[index]
                // As a tunnel it has to find room among the others' tunnels; it is counted among what runs already.
                var fits = true
                for rule in mine.claims where rule == 1 || rule == 2 {
                    if !room([rule], mine.client, true, running: plain) { fits = false }
                }
                expect((holds.promote(mine.hold) == nil) == fits)
                if fits { running[index].isTunnel = true }
            default:
                guard let index = running.indices.randomElement(using: &random) else { break }
                var ended = running.remove(at: index).hold
                holds.release(&ended)
            }
            expect(holds.count == running.count)
        }
        for var one in running { holds.release(&one.hold) }
        expect(holds.count == 0)
        for _ in 0..<4 { expect(ask(&holds, [1], rules, isTunnel: true).hold != nil) }
        expect(ask(&holds, [1], rules, isTunnel: true).hold == nil)
    }

    @Test("the slices and pauses of what runs follow the counts")
    func pacing() throws {
        let shared = SharedUsage()
        let rules = shared.take([limit { $0.bandwidth = .init(100_000, per: 1_000_000) }])
        var holds = QuotaLedger(shared)
        var hold = try #require(ask(&holds, [0], rules).hold)
        expect(holds.begin(hold, .down, 40_000, total: 0, at: moment) == .move(16 << 10))
        expect(holds.moved(hold, .down) == 16 << 10)
        expect(holds.next(hold, .down, total: 32 << 10, at: moment) == .move(16 << 10))
        expect(holds.ticked(hold, total: 32 << 10, at: moment) == .runs(100))
        expect(holds.ticked(hold, total: 40_000, at: moment) == .runs(10))
        expect(holds.next(hold, .down, total: 132_768, at: moment) == .pause(10))
        expect(holds.admit(hold, .up, total: 132_768, at: moment) == .pause(10))
        expect(holds.ticked(hold, total: 132_768, at: moment) == .pause(10))
        let later = UsageMoment(now: 1_000_000, unix: 1)
        expect(holds.ticked(hold, total: 132_768, at: later) == .goesOn(up: true, down: true))
        expect(holds.admit(hold, .up, total: 132_768, at: later) == .nothing)
        expect(holds.next(hold, .down, total: 132_768, at: later) == .move(40_000 - 2 * (16 << 10)))
        expect(!holds[hold].pacer.hasMore(.down))
        holds.stop(hold, .up)
        holds.release(&hold)
        expect(holds.count == 0)
    }
}
