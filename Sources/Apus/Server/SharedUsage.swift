internal import ApusPolicy
internal import Synchronization

/// What the limits of a policy have counted; shared by a server's threads, and touched only by what a limit rule matches.
///
/// In shards by key, each behind its own lock, so that threads seldom meet. It outlives the rules: a limit that is loaded anew
/// goes on counting where it was.
final class SharedUsage: Sendable {
    /// A part of the keys.
    private final class Shard: Sendable {
        let table: Mutex<UsageTable>

        init(capacity: Int) { table = Mutex(UsageTable(capacity: capacity)) }
    }

    /// What makes a limit the same one after the rules were loaded anew, whatever its amounts are then.
    private struct Identity: Hashable {
        let name: String?
        let condition: Condition
        let key: UsageLimit.Key
        /// How many like it stand in front of it.
        let occurrence: Int
    }

    private struct Limits {
        var numbers: [Identity: UInt32] = [:]
        var bounds: [UsageBounds] = []
    }

    private static let shardBits: UInt32 = 4

    private let shards: [Shard]
    private let limits = Mutex(Limits())

    /// Empty counts.
    ///
    /// - Parameter capacity: how many counts there may be in all.
    init(capacity: Int = 1 << 17) {
        let count = 1 << Int(Self.shardBits)
        shards = (0..<count).map { _ in Shard(capacity: max(1, capacity / count)) }
    }

    /// Takes the limits of these rules over; what their like have counted stays, and what runs goes on by the new amounts.
    func take(_ rules: [Rule]) -> UsageRules {
        var result = UsageRules(count: rules.count)
        let bounds = limits.withLock { limits in
            var seen: [Identity: Int] = [:]
            for (index, rule) in rules.enumerated() {
                guard case .limit(let limit) = rule.action else { continue }
                let alike = Identity(name: rule.name, condition: rule.condition, key: limit.key, occurrence: 0)
                let occurrence = seen[alike, default: 0]
                seen[alike] = occurrence + 1
                let identity = Identity(
                    name: rule.name,
                    condition: rule.condition,
                    key: limit.key,
                    occurrence: occurrence
                )
                let number = limits.numbers[identity] ?? UInt32(limits.bounds.count)
                if limits.numbers[identity] == nil {
                    limits.numbers[identity] = number
                    limits.bounds.append(.none)
                }
                let ready = UsageBounds(limit)
                limits.bounds[Int(number)] = ready
                result.set(index, number: number, key: limit.key, countsBytes: ready.countsBytes)
            }
            return limits.bounds
        }
        for shard in shards { shard.table.withLock { $0.setBounds(bounds) } }
        return result
    }

    /// How many counts there are.
    var count: Int { shards.reduce(0) { $0 + $1.table.withLock { $0.count } } }

    /// Counts a request or tunnel under a key, or says what speaks against it.
    func admit(_ key: UsageKey, isTunnel: Bool, at moment: UsageMoment) -> Result<UInt32, LimitViolation> {
        let shard = shard(of: key)
        let answer = shards[Int(shard)].table.withLock { $0.admit(key, isTunnel: isTunnel, at: moment) }
        return answer.map { $0 << Self.shardBits | shard }
    }

    /// What speaks against a request or tunnel; counts nothing.
    func excess(_ key: UsageKey, isTunnel: Bool, at moment: UsageMoment) -> LimitViolation? {
        shards[Int(shard(of: key))].table.withLock { $0.excess(key, isTunnel: isTunnel, at: moment) }
    }

    /// What speaks against one more like a request that runs.
    func excess(_ handle: UInt32, isTunnel: Bool, at moment: UsageMoment) -> LimitViolation? {
        with(handle) { $0.excess(handle: $1, isTunnel: isTunnel, at: moment) }
    }

    /// How much of a limit is used; for who looks.
    func level(_ limit: UInt32, at moment: UsageMoment) -> UsageLevel {
        shards.reduce(into: UsageLevel()) { sum, shard in
            sum.add(shard.table.withLock { $0.level(limit: limit, at: moment) })
        }
    }

    func giveBack(_ handle: UInt32, isTunnel: Bool) {
        with(handle) { $0.giveBack($1, isTunnel: isTunnel) }
    }

    func release(_ handle: UInt32, isTunnel: Bool) {
        with(handle) { $0.release($1, isTunnel: isTunnel) }
    }

    func promote(_ handle: UInt32) -> LimitViolation? { with(handle) { $0.promote($1) } }

    func demote(_ handle: UInt32) { with(handle) { $0.demote($1) } }

    func spend(_ handle: UInt32, bytes: UInt64, at moment: UsageMoment) -> UsagePace {
        with(handle) { $0.spend($1, bytes: bytes, at: moment) }
    }

    private func with<Value>(_ handle: UInt32, _ body: (inout UsageTable, UInt32) -> Value) -> Value {
        shards[Int(handle & (1 << Self.shardBits - 1))].table.withLock { body(&$0, handle >> Self.shardBits) }
    }

    private func shard(of key: UsageKey) -> UInt32 {
        UInt32(truncatingIfNeeded: key.hashValue) & (1 << Self.shardBits - 1)
    }
}

/// The limits among the rules of a policy, by the rules' places: part of its snapshot.
struct UsageRules: Sendable {
    /// One rule; most are no limit.
    struct Entry: Sendable, BitwiseCopyable {
        var number: UInt32 = .max
        var key = UsageLimit.Key.rule
        var countsBytes = false
    }

    private var entries: [Entry]

    init(count: Int) { entries = [Entry](repeating: Entry(), count: count) }

    /// No limit at all.
    static let none = UsageRules(count: 0)

    mutating func set(_ index: Int, number: UInt32, key: UsageLimit.Key, countsBytes: Bool) {
        entries[index] = Entry(number: number, key: key, countsBytes: countsBytes)
    }

    /// The limit of a rule; nil where the rule is none.
    func entry(_ rule: UInt16) -> Entry? {
        guard Int(rule) < entries.count, entries[Int(rule)].number != .max else { return nil }
        return entries[Int(rule)]
    }
}
