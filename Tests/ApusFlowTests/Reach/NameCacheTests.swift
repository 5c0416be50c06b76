import ApusSamples
import ApusWire
import Testing

@testable import ApusFlow

/// A cache that takes names as text, and whose calls can be said within an expectation.
private final class Cache {
    var cache: NameCache

    init(_ settings: NameCacheSettings = NameCacheSettings()) { cache = NameCache(settings) }

    var count: Int { cache.count }
    var waiting: Int { cache.waiting }

    func lookUp(_ name: String, at now: UInt64 = 0) -> NameLookUp { cache.lookUp(Array(name.utf8).span, now: now) }
    func join(_ name: String, _ waiter: UInt64, at now: UInt64 = 0) -> NameJoin {
        cache.join(Array(name.utf8).span, waiter: waiter, now: now)
    }
    func start(_ name: String, _ waiter: UInt64, at now: UInt64 = 0) throws -> UInt64 {
        guard case .startLookUp(let ticket) = join(name, waiter, at: now) else { throw NotStarted() }
        return ticket
    }
    func answered(_ ticket: UInt64, _ answer: NameAnswer, at now: UInt64 = 0) -> [UInt64] {
        cache.answered(ticket, answer, now: now)
    }
    func gaveUp(_ waiter: UInt64, isSilent: Bool, at now: UInt64 = 0) {
        cache.gaveUp(waiter, isSilent: isSilent, now: now)
    }

    struct NotStarted: Error {}
}

private let second: UInt64 = 1_000_000
private let here = AddressList([IPAddress(v6High: 1, low: 2), IPAddress(v4: 3)])

@Suite("Name cache")
struct NameCacheTests {
    @Test("who asks for a name that is being looked up joins, and all are told in their order")
    func joining() throws {
        let cache = Cache()
        #expect(cache.lookUp("a.example") == .absent)
        let ticket = try cache.start("a.example", 30)
        #expect(cache.lookUp("a.example") == .pending(ticket))
        #expect(cache.join("a.example", 10) == .joined(ticket))
        #expect(cache.join("a.example", 20) == .joined(ticket))
        #expect(try cache.start("b.example", 40) != ticket)
        #expect(cache.answered(ticket, .addresses(here)) == [30, 10, 20])
        #expect(cache.lookUp("a.example") == .fresh(here))
        #expect(cache.waiting == 1)
    }

    @Test("an answer is fresh for its time, and in the resolver's order every time")
    func positive() throws {
        let cache = Cache()
        _ = cache.answered(try cache.start("a.example", 1), .addresses(here), at: second)
        #expect(cache.lookUp("a.example", at: second) == .fresh(here))
        #expect(cache.lookUp("a.example", at: 61 * second - 1) == .fresh(here))
        #expect(cache.lookUp("a.example", at: 61 * second) == .absent)
        #expect(cache.lookUp("A.example", at: second) == .absent)
    }

    @Test(
        "a failure about the name is remembered for a short time",
        arguments: [LookUpFailure.notFound, .singleLabel, .tryAgain, .other(-4)]
    )
    func negative(failure: LookUpFailure) throws {
        let cache = Cache()
        #expect(cache.answered(try cache.start("a.example", 1), .failed(failure)) == [1])
        #expect(cache.lookUp("a.example", at: 5 * second - 1) == .failed(failure))
        #expect(cache.lookUp("a.example", at: 5 * second) == .absent)
    }

    @Test("a failure of ours is not remembered", arguments: [LookUpFailure.timedOut, .queueFull, .exhausted])
    func ourFailure(failure: LookUpFailure) throws {
        let cache = Cache()
        #expect(cache.answered(try cache.start("a.example", 1), .failed(failure)) == [1])
        #expect(cache.lookUp("a.example") == .absent)
        #expect(cache.count == 0)
    }

    @Test("a time of 0 turns remembering off, but not joining")
    func off() throws {
        let cache = Cache(NameCacheSettings(positive: 0, negative: 0))
        let ticket = try cache.start("a.example", 1)
        #expect(cache.join("a.example", 2) == .joined(ticket))
        #expect(cache.answered(ticket, .addresses(here)) == [1, 2])
        _ = cache.answered(try cache.start("b.example", 1), .failed(.notFound))
        #expect(cache.count == 0)
        #expect(cache.lookUp("a.example") == .absent)
    }

    @Test("an expired name is looked up anew, with another ticket")
    func renewal() throws {
        let cache = Cache()
        let first = try cache.start("a.example", 1)
        _ = cache.answered(first, .addresses(here))
        let again = try cache.start("a.example", 2, at: 60 * second)
        #expect(first != again)
        #expect(cache.answered(first, .failed(.notFound), at: 60 * second) == [])
        #expect(cache.lookUp("a.example", at: 60 * second) == .pending(again))
        #expect(cache.count == 1)
    }

    @Test("an answer comes once: a second one, or one to an unknown ticket, is dropped")
    func once() throws {
        let cache = Cache()
        let ticket = try cache.start("a.example", 1)
        #expect(cache.answered(ticket, .addresses(here)) == [1])
        #expect(cache.answered(ticket, .failed(.notFound)) == [])
        #expect(cache.answered(ticket ^ 1 << 32, .failed(.notFound)) == [])
        #expect(cache.answered(.max, .failed(.notFound)) == [])
        #expect(cache.lookUp("a.example") == .fresh(here))
    }

    @Test("a waiter that vanished is not told, and the answer is kept all the same")
    func forgetting() throws {
        let cache = Cache()
        let ticket = try cache.start("a.example", 1)
        for waiter in 2...4 as ClosedRange<UInt64> { _ = cache.join("a.example", waiter) }
        for waiter in [1, 3, 3, 99] as [UInt64] { cache.cache.forget(waiter) }
        #expect(cache.answered(ticket, .addresses(here)) == [2, 4])
        let lonely = try cache.start("b.example", 5)
        cache.cache.forget(5)
        #expect(cache.waiting == 0)
        #expect(cache.answered(lonely, .addresses(here)) == [])
        #expect(cache.lookUp("b.example") == .fresh(here))
    }

    @Test("a waiter waits for one name: asking for another leaves the first")
    func oneName() throws {
        let cache = Cache()
        let first = try cache.start("a.example", 1)
        let second = try cache.start("b.example", 1)
        #expect(cache.answered(first, .addresses(here)) == [])
        #expect(cache.answered(second, .addresses(here)) == [1])
    }

    @Test("after giving up, who asks joins the call that still runs, and its answer counts")
    func givingUp() throws {
        let cache = Cache()
        let ticket = try cache.start("a.example", 1)
        _ = cache.join("a.example", 2)
        #expect(cache.cache.ticket(of: 1) == ticket && cache.cache.ticket(of: 9) == nil)
        cache.gaveUp(1, isSilent: false)
        cache.gaveUp(1, isSilent: true)
        #expect(cache.cache.ticket(of: 1) == nil && cache.waiting == 1)
        #expect(cache.lookUp("a.example") == .pending(ticket))
        #expect(cache.join("a.example", 3) == .joined(ticket))
        #expect(cache.answered(ticket, .addresses(here)) == [2, 3])
        cache.gaveUp(2, isSilent: true)
        #expect(cache.lookUp("a.example") == .fresh(here))
    }

    @Test("a name whose call itself was silent is remembered as one that times out, as long as a failure is")
    func silence() throws {
        let cache = Cache()
        let ticket = try cache.start("a.example", 1)
        _ = cache.join("a.example", 2)
        cache.gaveUp(1, isSilent: true, at: second)
        #expect(cache.lookUp("a.example", at: second) == .failed(.timedOut))
        #expect(cache.lookUp("a.example", at: 6 * second - 1) == .failed(.timedOut))
        #expect(cache.lookUp("b.example", at: second) == .absent)
        // Then who asks joins the call that still runs.
        #expect(cache.lookUp("a.example", at: 6 * second) == .pending(ticket))
        #expect(cache.join("a.example", 3, at: 6 * second) == .joined(ticket))
        cache.gaveUp(3, isSilent: true, at: 11 * second)
        #expect(cache.lookUp("a.example", at: 11 * second) == .failed(.timedOut))
        // An answer counts when it comes, for who waits still and for all others.
        #expect(cache.answered(ticket, .addresses(here), at: 12 * second) == [2])
        #expect(cache.lookUp("a.example", at: 12 * second) == .fresh(here))
    }

    @Test("where failures are not remembered, silence is not") func silenceForgotten() throws {
        let cache = Cache(NameCacheSettings(negative: 0))
        let ticket = try cache.start("a.example", 1)
        cache.gaveUp(1, isSilent: true, at: second)
        #expect(cache.lookUp("a.example", at: second) == .pending(ticket))
    }

    @Test("where no name is kept, as many are looked up at once as may be")
    func keepsNone() throws {
        let cache = Cache(NameCacheSettings(maxEntries: 0))
        let first = try cache.start("a.example", 1)
        let second = try cache.start("b.example", 2)
        #expect(cache.answered(first, .addresses(here)) == [1] && cache.answered(second, .addresses(here)) == [2])
        #expect(cache.count == 0 && cache.lookUp("a.example") == .absent)
    }

    @Test("the bound evicts the oldest answer, and never a name that is being looked up")
    func bound() throws {
        let cache = Cache(NameCacheSettings(maxEntries: 3, maxUnderWay: 3))
        let pending = try cache.start("pending.example", 1)
        _ = cache.answered(try cache.start("old.example", 2), .addresses(here))
        _ = cache.answered(try cache.start("new.example", 3), .addresses(here))
        let third = try cache.start("third.example", 4)
        #expect(cache.count == 3)
        #expect(cache.lookUp("old.example") == .absent)
        #expect(cache.lookUp("new.example") == .fresh(here))
        _ = try cache.start("fourth.example", 5)
        #expect(cache.join("fifth.example", 6) == .full)
        #expect(cache.waiting == 3)
        #expect(cache.answered(third, .failed(.queueFull)) == [4])
        _ = try cache.start("fifth.example", 6)
        #expect(cache.answered(pending, .addresses(here)) == [1])
    }

    @Test("expired answers make room before fresh ones do")
    func expiredFirst() throws {
        let cache = Cache(NameCacheSettings(maxEntries: 3, maxUnderWay: 3))
        _ = cache.answered(try cache.start("a.example", 1), .failed(.notFound))
        _ = cache.answered(try cache.start("b.example", 1), .failed(.notFound))
        _ = cache.answered(try cache.start("c.example", 1), .addresses(here))
        _ = try cache.start("d.example", 1, at: 10 * second)
        #expect(cache.count == 2)
        #expect(cache.lookUp("c.example", at: 10 * second) == .fresh(here))
    }

    @Test("emptying forgets answers and leaves look-ups")
    func emptied() throws {
        let cache = Cache()
        let ticket = try cache.start("a.example", 1)
        _ = cache.answered(try cache.start("b.example", 2), .addresses(here))
        cache.cache.removeAll()
        #expect(cache.lookUp("b.example") == .absent)
        #expect(cache.lookUp("a.example") == .pending(ticket))
    }

    @Test("a random walk loses no waiter and tells none twice")
    func walk() {
        var random = SplitMix(seed: 11)
        let cache = Cache(NameCacheSettings(positive: 40, negative: 10, maxEntries: 12, maxUnderWay: 12))
        var waitsFor: [UInt64: UInt64] = [:]
        var tickets: [UInt64] = []
        for now in 0..<20_000 as Range<UInt64> {
            let waiter = random.next() % 50
            switch random.next() % 8 {
            case 0, 1, 2, 3:
                waitsFor[waiter] = nil
                switch cache.join("\(random.next() % 20).example", waiter, at: now) {
                case .startLookUp(let ticket):
                    #expect(!tickets.contains(ticket))
                    tickets.append(ticket)
                    waitsFor[waiter] = ticket
                case .joined(let ticket):
                    #expect(tickets.contains(ticket))
                    waitsFor[waiter] = ticket
                case .full:
                    #expect(tickets.count == 12)
                }
            case 4:
                cache.cache.forget(waiter)
                waitsFor[waiter] = nil
            case 5:
                #expect(cache.cache.ticket(of: waiter) == waitsFor[waiter])
                cache.gaveUp(waiter, isSilent: random.next() % 2 == 0, at: now)
                waitsFor[waiter] = nil
            default:
                guard let place = tickets.indices.randomElement(using: &random) else { continue }
                let ticket = tickets.remove(at: place)
                let isFound = random.next() % 2 == 0
                let freed = cache.answered(ticket, isFound ? .addresses(here) : .failed(.notFound), at: now)
                #expect(Set(freed) == Set(waitsFor.filter { $0.value == ticket }.keys))
                #expect(Set(freed).count == freed.count)
                for waiter in freed { waitsFor[waiter] = nil }
            }
            #expect(cache.count <= 12)
            #expect(cache.waiting == waitsFor.count)
        }
    }
}
