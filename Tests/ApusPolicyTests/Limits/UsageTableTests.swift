import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("tables of counts")
struct UsageTableTests {
    private func key(_ limit: UInt32, _ client: UInt32) -> UsageKey {
        UsageKey(limit: limit, shares: .client, client: IPAddress(v4: client), user: nil)
    }

    private func table(capacity: Int, _ changes: ((inout UsageLimit) -> Void)...) -> UsageTable {
        var table = UsageTable(capacity: capacity)
        table.setBounds(
            changes.map { change in
                var limit = UsageLimit()
                change(&limit)
                return UsageBounds(limit)
            }
        )
        return table
    }

    private func at(_ microseconds: UInt64, unix: Int64 = 0) -> UsageMoment {
        UsageMoment(now: microseconds, unix: unix)
    }

    @Test("keys are counted apart, and what has ended is forgotten when room is needed")
    func eviction() throws {
        var table = table(capacity: 4, { $0.connections = 1 })
        var handles: [UInt32] = []
        for client in 0..<4 {
            handles.append(try table.admit(key(0, UInt32(client)), isTunnel: false, at: at(0)).get())
        }
        expect(table.admit(key(0, 0), isTunnel: false, at: at(0)) == .failure(LimitViolation(.userConnectionLimit)))
        expect(table.admit(key(0, 9), isTunnel: false, at: at(0)) == .failure(LimitViolation(.usageTableFull)))
        expect(table.count == 4)
        table.release(handles[2], isTunnel: false)
        handles[2] = try table.admit(key(0, 9), isTunnel: false, at: at(0)).get()
        expect(table.count == 4)
        for handle in handles { table.release(handle, isTunnel: false) }
    }

    @Test("a count that still says something is not forgotten: a rate that is used up, a volume of the day")
    func busy() throws {
        var table = table(
            capacity: 2,
            { $0.requests = .init(1, per: 1_000_000) },
            { $0.volume = .init(10, per: 86_400_000_000) }
        )
        let one = try table.admit(key(0, 1), isTunnel: false, at: at(0)).get()
        let other = try table.admit(key(1, 1), isTunnel: false, at: at(0)).get()
        expect(table.spend(other, bytes: 10, at: at(0)).isUsedUp)
        table.release(one, isTunnel: false)
        table.release(other, isTunnel: false)
        expect(table.admit(key(0, 2), isTunnel: false, at: at(999_999)) == .failure(LimitViolation(.usageTableFull)))
        let excess = table.excess(key(1, 1), isTunnel: false, at: at(999_999))
        expect(excess == LimitViolation(.volumeLimit, retryAfter: 86_400))
        let next = try table.admit(key(0, 2), isTunnel: false, at: at(1_000_000)).get()
        expect(table.count == 2)
        table.release(next, isTunnel: false)
        expect(table.excess(key(1, 1), isTunnel: false, at: at(1_000_000, unix: 86_400)) == nil)
    }

    @Test("handles of nothing, and of what has ended, are ignored")
    func stale() throws {
        var table = table(capacity: 4, { $0.tunnels = 1 })
        for handle in [0, 1, UInt32.max] {
            table.release(handle, isTunnel: true)
            table.giveBack(handle, isTunnel: true)
            table.demote(handle)
            expect(table.promote(handle) == nil && table.spend(handle, bytes: 1, at: at(0)) == UsagePace())
        }
        let handle = try table.admit(key(0, 1), isTunnel: true, at: at(0)).get()
        table.release(handle, isTunnel: true)
        table.release(handle, isTunnel: true)
        expect(table.excess(key(0, 1), isTunnel: true, at: at(0)) == nil)
        // A limit that no rule names any more bounds nothing.
        expect(table.excess(key(7, 1), isTunnel: true, at: at(0)) == nil)
    }

    /// What a table should say, without any table: all that was ever admitted.
    private struct Plain {
        var running: [(handle: UInt32, key: UsageKey, isTunnel: Bool)] = []
        var admitted: [UsageKey: [UInt64]] = [:]
        var used: [UsageKey: (day: Int64, bytes: UInt64)] = [:]
    }

    @Test("in random walks a table says what plain lists of all events say, and is empty in the end", arguments: 0..<12)
    func walk(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var table = table(
            capacity: 64,
            {
                $0.requests = .init(4, per: 1_000_000)
                $0.connections = 3
            },
            {
                $0.tunnels = 2
                $0.volume = .init(1000, per: 86_400_000_000)
            }
        )
        var plain = Plain()
        var now: UInt64 = 0
        for _ in 0..<4000 {
            now += .random(in: 0...200_000, using: &random)
            let moment = at(now, unix: Int64(now / 100))
            let day = moment.unix / 86_400
            let key = key(.random(in: 0...1, using: &random), .random(in: 0..<20, using: &random))
            let isTunnel = Bool.random(using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let mine = plain.running.filter { $0.key == key }
                let used = plain.used[key].map { $0.day == day ? $0.bytes : 0 } ?? 0
                let isOver =
                    key.limit == 0
                    ? mine.count >= 3 || !Self.hasToken(plain.admitted[key] ?? [], now)
                    : isTunnel && mine.count(where: \.isTunnel) >= 2 || used >= 1000
                switch table.admit(key, isTunnel: isTunnel, at: moment) {
                case .success(let handle):
                    expect(!isOver)
                    plain.running.append((handle, key, isTunnel))
                    plain.admitted[key, default: []].append(now)
                case .failure(let excess): expect(isOver && excess.refusal != .usageTableFull)
                }
            case 2:
                guard let index = plain.running.indices.randomElement(using: &random) else { break }
                let ended = plain.running.remove(at: index)
                table.release(ended.handle, isTunnel: ended.isTunnel)
            default:
                guard let running = plain.running.randomElement(using: &random) else { break }
                let bytes = UInt64.random(in: 0...300, using: &random)
                let before = plain.used[running.key].map { $0.day == day ? $0.bytes : 0 } ?? 0
                plain.used[running.key] = (day, before + bytes)
                let pace = table.spend(running.handle, bytes: bytes, at: moment)
                expect(pace.isUsedUp == (running.key.limit == 1 && before + bytes >= 1000))
            }
        }
        for running in plain.running { table.release(running.handle, isTunnel: running.isTunnel) }
        // A day later everything is idle, and new keys push all out.
        let later = at(now + 1_000_000, unix: Int64(now / 100) + 86_400)
        for client in 0..<64 {
            let handle = try table.admit(key(1, 1000 + UInt32(client)), isTunnel: false, at: later).get()
            table.release(handle, isTunnel: false)
        }
        expect(table.count <= 64)
        for client in 0..<20 { expect(table.excess(key(0, UInt32(client)), isTunnel: true, at: later) == nil) }
    }

    /// Whether a bucket of 4 tokens, one more each 250 ms, has one left after these takings.
    private static func hasToken(_ takings: [UInt64], _ now: UInt64) -> Bool {
        var (level, updated): (Double, UInt64) = (4_000_000, 0)
        for taking in takings {
            level = min(4_000_000, level + Double(taking - updated) * 4) - 1_000_000
            updated = taking
        }
        return min(4_000_000, level + Double(now - updated) * 4) >= 1_000_000
    }
}
