import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@testable import ApusFlow

private final class Cache {
    var cache: CredentialCache

    init(_ capacity: Int = 4, lifetime: UInt64 = 100) {
        cache = CredentialCache(capacity: capacity, lifetime: lifetime)
    }

    var count: Int { cache.count }
    var held: Int { cache.held }

    @discardableResult
    func insert(
        _ number: UInt64,
        _ name: String,
        groups: [String] = [],
        limit: UInt64 = .max,
        at now: UInt64 = 0
    ) -> UInt32 {
        cache.insert(SipHash.Digest(number, number), VerifiedUser(name, groups: groups), limit: limit, now: now)
    }
    func add(_ number: UInt64, _ name: String, at now: UInt64 = 0) { cache.release(insert(number, name, at: now)) }
    func find(_ number: UInt64, at now: UInt64 = 0) -> String? {
        cache.find(SipHash.Digest(number, number), now: now).map { cache[$0].name }
    }
    func name(_ index: UInt32) -> String { cache[index].name }
    func hold(_ index: UInt32) { cache.hold(index) }
    func release(_ index: UInt32) { cache.release(index) }
    func removeAll() { cache.removeAll() }
}

@Suite("The cache of proven users") struct CredentialCacheTests {
    @Test("knows a digest for its lifetime, or for the proof's own when that is shorter") func lifetime() {
        let cache = Cache()
        cache.add(1, "anna")
        cache.release(cache.insert(2, "bo", limit: 10))
        #expect(cache.find(1, at: 99) == "anna" && cache.find(1, at: 100) == nil && cache.find(1) == nil)
        #expect(cache.find(2, at: 9) == "bo" && cache.find(2, at: 10) == nil)
        #expect(cache.find(3) == nil && cache.held == 0)
    }

    @Test("tells who a user is to each policy that asks, and who another one is in the same place") func policies()
        throws
    {
        let cache = Cache()
        var rules = PolicyRules()
        var condition = Condition()
        condition.users = [.user("anna"), .group("ops")]
        rules.rules = [Rule(.allow(Permission()), when: condition)]
        rules.takesGroups = true
        let policy = try CompiledPolicy(rules)
        let empty = try CompiledPolicy(PolicyRules())
        func asked(_ index: UInt32, _ policy: CompiledPolicy, _ number: UInt32) -> PolicyQuery {
            var query = PolicyQuery(client: IPAddress(v4: 0))
            cache.cache.identify(index, to: policy, number: number, &query)
            return query
        }
        let anna = cache.insert(1, "anna", groups: ["ops", "x"])
        for _ in 0..<2 {
            #expect(asked(anna, policy, 1).who == policy.userIndex("anna"))
            #expect(asked(anna, policy, 1).groups == policy.groupSet(["ops"]))
            #expect(asked(anna, empty, 2).who == .stranger && asked(anna, empty, 2).groups.isEmpty)
        }
        let (name, groups) = (cache.cache.name(anna), cache.cache.groupNames(anna))
        let needsNameAlone = cache.cache.isPlain(anna)
        #expect(name == Array("anna".utf8) && groups == Array("ops,x".utf8) && !needsNameAlone)
        #expect(asked(anna, policy, 1).who != .stranger)
        cache.removeAll()
        cache.release(anna)
        let bo = cache.insert(2, "bo")
        #expect(bo == anna && asked(bo, policy, 1).who == .stranger && asked(bo, policy, 1).groups.isEmpty)
    }

    @Test("holds no more than its capacity, and gives up the longest unused first") func capacity() {
        let cache = Cache(3)
        for number in 1...3 as ClosedRange<UInt64> { cache.add(number, "\(number)") }
        #expect(cache.find(1) == "1")
        cache.add(4, "4")
        #expect(cache.find(2) == nil && cache.count == 3 && cache.held == 3)
        #expect([1, 3, 4].allSatisfy { cache.find($0) != nil })
        for number in 5...2000 as ClosedRange<UInt64> { cache.add(number, "\(number)") }
        #expect(cache.count == 3 && cache.held == 3 && cache.find(2000) == "2000" && cache.find(1) == nil)
    }

    @Test("digests that share half of their bits are told apart") func halves() {
        let cache = Cache()
        cache.cache.release(cache.cache.insert(SipHash.Digest(7, 1), VerifiedUser("a"), now: 0))
        cache.cache.release(cache.cache.insert(SipHash.Digest(7, 2), VerifiedUser("b"), now: 0))
        #expect(cache.cache.find(SipHash.Digest(7, 1), now: 0).map { cache.name($0) } == "a")
        #expect(cache.cache.find(SipHash.Digest(7, 2), now: 0).map { cache.name($0) } == "b")
        #expect(cache.cache.find(SipHash.Digest(7, 3), now: 0) == nil)
        #expect(cache.cache.find(SipHash.Digest(8, 1), now: 0) == nil)
    }

    @Test("what a request holds outlives all that happens to the cache, and goes with the last who holds it")
    func holding() {
        let cache = Cache(1)
        let anna = cache.insert(1, "anna")
        cache.hold(anna)
        cache.add(2, "bo")
        #expect(cache.find(1) == nil && cache.name(anna) == "anna" && cache.held == 2)
        let newer = cache.insert(2, "bo again")
        cache.removeAll()
        #expect(cache.count == 0 && cache.name(newer) == "bo again" && cache.name(anna) == "anna")
        cache.release(anna)
        #expect(cache.held == 2)
        cache.release(anna)
        cache.release(newer)
        #expect(cache.held == 0)
        // One too many is harmless.
        cache.release(newer)
        cache.release(CredentialCache.nobody)
        #expect(cache.held == 0)
    }

    @Test("without capacity or lifetime it keeps only what is held", arguments: [(0, 100), (4, 0)])
    func nothing(capacity: Int, lifetime: UInt64) {
        let cache = Cache(capacity, lifetime: lifetime)
        let anna = cache.insert(1, "anna")
        #expect(cache.find(1) == nil && cache.name(anna) == "anna")
        cache.release(anna)
        #expect(cache.held == 0)
    }

    @Test("agrees with a plain list over random uses") func walk() {
        var random = SplitMix(seed: 5)
        let cache = Cache(8, lifetime: 50)
        var list: [(number: UInt64, name: String, until: UInt64)] = []
        for step in 0..<5000 as Range<UInt64> {
            let number = random.next() % 16
            if random.next() % 3 == 0 {
                cache.add(number, "\(step)", at: step)
                list.removeAll { $0.number == number }
                if list.count == 8 { list.removeFirst() }
                list.append((number, "\(step)", step + 50))
            } else {
                let place = list.firstIndex { $0.number == number }
                let entry = place.map { list.remove(at: $0) }
                let known = entry.flatMap { step < $0.until ? $0 : nil }
                if let known { list.append(known) }
                #expect(cache.find(number, at: step) == known?.name)
            }
            #expect(cache.count == list.count && cache.held == list.count)
        }
    }
}
