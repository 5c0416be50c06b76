import Dispatch
import Glibc
import Synchronization
import Testing

@testable import ApusReactor

/// Look-ups that say when they have begun, and block their thread until they are let through.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let begun: AsyncStream<String>
    private let begin: AsyncStream<String>.Continuation

    init() { (begun, begin) = AsyncStream.makeStream() }

    func lookUp(_ name: String) -> Result<[ResolvedAddress], LookUpError> {
        begin.yield(name)
        semaphore.wait()
        return echo(name)
    }

    /// The names whose look-ups have begun, once there are so many.
    func begun(_ count: Int) async -> [String] { await begun.first(count) }

    func open(_ count: Int) {
        for _ in 0..<count { semaphore.signal() }
    }
}

/// Collects answers as they are delivered.
private final class Answers: Sendable {
    private let answers: AsyncStream<ResolverAnswer>
    private let delivered: AsyncStream<ResolverAnswer>.Continuation

    init() { (answers, delivered) = AsyncStream.makeStream() }

    func deliver(_ answer: ResolverAnswer) { delivered.yield(answer) }

    func next(_ count: Int) async -> [ResolverAnswer] { await answers.first(count) }
}

extension AsyncStream where Element: Sendable {
    fileprivate func first(_ count: Int) async -> [Element] {
        var elements: [Element] = []
        for await element in self {
            elements.append(element)
            if elements.count == count { break }
        }
        return elements
    }
}

/// Says so when nobody holds it any more.
private final class Sentinel: Sendable {
    private let freed: AsyncStream<Int>.Continuation
    init(_ freed: AsyncStream<Int>.Continuation) { self.freed = freed }
    deinit { freed.yield(0) }
}

/// An answer that depends on the name.
private func echo(_ name: String) -> Result<[ResolvedAddress], LookUpError> {
    .success([ResolvedAddress(high: 0, low: UInt64(name.utf8.count), isV6: false)])
}

@Suite("Resolver", .timeLimit(.minutes(15)))
struct ResolverTests {
    @Test("an answer carries its ticket, and the first request starts the first thread")
    func answer() async {
        let resolver = Resolver(lookUp: echo)
        let answers = Answers()
        #expect(resolver.threadCount == 0)
        resolver.resolve("a.example", ticket: .max, deliver: answers.deliver)
        let answer = await answers.next(1)[0]
        #expect(answer.ticket == .max)
        #expect(answer.result == echo("a.example"))
        #expect(resolver.threadCount == 1)
    }

    @Test("failures pass through")
    func failures() async {
        let resolver = Resolver { name in name == "bad.example" ? .failure(.other(7)) : .failure(.tryAgain) }
        let answers = Answers()
        resolver.resolve("bad.example", ticket: 1, deliver: answers.deliver)
        #expect(await answers.next(1)[0].result == .failure(.other(7)))
    }

    @Test("a thread that is free takes the next request: no second one is started")
    func reuse() async {
        let gate = Gate()
        let resolver = Resolver(ResolverSettings(maxThreads: 1, mostThreads: 1), lookUp: gate.lookUp)
        let answers = Answers()
        for ticket in 0..<20 as Range<UInt64> {
            gate.open(1)
            resolver.resolve("a.example", ticket: ticket, deliver: answers.deliver)
            #expect(await answers.next(1)[0].ticket == ticket)
        }
        #expect(resolver.threadCount == 1)
    }

    @Test("one thread answers in the order of the requests")
    func order() async {
        let gate = Gate()
        let resolver = Resolver(ResolverSettings(maxThreads: 1, mostThreads: 1), lookUp: gate.lookUp)
        let answers = Answers()
        for ticket in 0..<50 as Range<UInt64> {
            resolver.resolve("\(ticket).example", ticket: ticket, deliver: answers.deliver)
        }
        gate.open(50)
        #expect(await answers.next(50).map(\.ticket) == Array(0..<50))
        #expect(await gate.begun(50) == (0..<50).map { "\($0).example" })
    }

    @Test("look-ups run side by side, as many as there may be threads, and a slow one holds up no other")
    func parallel() async {
        let gate = Gate()
        let resolver = Resolver(
            ResolverSettings(maxThreads: 3, mostThreads: 3, mostOfOne: 0),
            lookUp: { $0 == "fast.example" ? echo($0) : gate.lookUp($0) }
        )
        let answers = Answers()
        for ticket in 0..<2 as Range<UInt64> { resolver.resolve("slow", ticket: ticket, deliver: answers.deliver) }
        #expect(await gate.begun(2).count == 2)
        resolver.resolve("fast.example", ticket: 9, deliver: answers.deliver)
        #expect(await answers.next(1)[0].ticket == 9)
        for ticket in 2..<8 as Range<UInt64> { resolver.resolve("slow", ticket: ticket, deliver: answers.deliver) }
        #expect(await gate.begun(1).count == 1)
        #expect(resolver.threadCount == 3)
        #expect(resolver.queuedCount == 5)
        gate.open(8)
        #expect(Set(await answers.next(8).map(\.ticket)) == Set(0..<8))
        #expect(resolver.threadCount == 3)
    }

    @Test("a full queue is answered at once, and takes requests again when a place is free")
    func queueFull() async {
        let gate = Gate()
        let resolver = Resolver(ResolverSettings(maxThreads: 1, mostThreads: 1, maxQueued: 2), lookUp: gate.lookUp)
        let answers = Answers()
        resolver.resolve("0.example", ticket: 0, deliver: answers.deliver)
        #expect(await gate.begun(1) == ["0.example"])
        for ticket in 1..<4 as Range<UInt64> {
            resolver.resolve("\(ticket).example", ticket: ticket, deliver: answers.deliver)
        }
        let refused = await answers.next(1)[0]
        #expect(refused.ticket == 3)
        #expect(refused.result == .failure(.queueFull))
        gate.open(1)
        #expect(await gate.begun(1) == ["1.example"])
        resolver.resolve("4.example", ticket: 4, deliver: answers.deliver)
        gate.open(3)
        #expect(await answers.next(4).map(\.ticket) == [0, 1, 2, 4])
    }

    @Test("a request that waited longer than anyone waits for it is not looked up")
    func late() async {
        let looked = Mutex<[String]>([])
        let resolver = Resolver(
            ResolverSettings(queueDeadline: .zero),
            lookUp: { name in
                looked.withLock { $0.append(name) }
                return echo(name)
            }
        )
        let answers = Answers()
        resolver.resolve("a.example", ticket: 1, deliver: answers.deliver)
        #expect(await answers.next(1)[0].result == .failure(.timedOut))
        #expect(looked.withLock { $0 } == [])
    }

    private func asker(_ number: UInt64) -> ResolvedAddress { ResolvedAddress(high: 0, low: number, isV6: false) }

    @Test("one asker's stuck look-ups leave the others their turns, on threads beyond the usual ones")
    func stuck() async {
        let gate = Gate()
        let settings = ResolverSettings(maxThreads: 2, mostThreads: 8, patience: .milliseconds(20), mostOfOne: 2)
        let resolver = Resolver(settings, lookUp: { $0 == "fast.example" ? echo($0) : gate.lookUp($0) })
        let answers = Answers()
        for ticket in 0..<10 as Range<UInt64> {
            resolver.resolve("slow.example", ticket: ticket, for: asker(1), deliver: answers.deliver)
        }
        #expect(await gate.begun(2).count == 2)
        for ticket in 100..<110 as Range<UInt64> {
            resolver.resolve("fast.example", ticket: ticket, for: asker(2), deliver: answers.deliver)
        }
        #expect(Set(await answers.next(10).map(\.ticket)) == Set(100..<110))
        // The first asker has no more than its two, whatever threads there are.
        #expect(resolver.queuedCount == 8)
        gate.open(10)
        #expect(Set(await answers.next(10).map(\.ticket)) == Set(0..<10))
    }

    @Test("threads grow to the most there may be, and no further") func growth() async {
        let gate = Gate()
        let settings = ResolverSettings(maxThreads: 2, mostThreads: 5, patience: .milliseconds(20), mostOfOne: 1)
        let resolver = Resolver(settings, lookUp: gate.lookUp)
        let answers = Answers()
        for ticket in 0..<9 as Range<UInt64> {
            resolver.resolve("slow.example", ticket: ticket, for: asker(ticket), deliver: answers.deliver)
        }
        #expect(await gate.begun(5).count == 5)
        #expect(resolver.threadCount == 5 && resolver.queuedCount == 4)
        gate.open(9)
        #expect(await answers.next(9).count == 9)
    }

    @Test("threads beyond the usual ones end when there is nothing to do") func shrinking() async {
        let gate = Gate()
        let settings = ResolverSettings(
            maxThreads: 1,
            mostThreads: 3,
            patience: .milliseconds(10),
            idleTime: .milliseconds(20)
        )
        let resolver = Resolver(settings, lookUp: gate.lookUp)
        let answers = Answers()
        for ticket in 0..<3 as Range<UInt64> {
            resolver.resolve("slow.example", ticket: ticket, for: asker(ticket), deliver: answers.deliver)
        }
        #expect(await gate.begun(3).count == 3)
        #expect(resolver.threadCount == 3)
        gate.open(3)
        #expect(await answers.next(3).count == 3)
        while resolver.threadCount > 1 { await Task.yield() }
        resolver.resolve("again.example", ticket: 9, deliver: answers.deliver)
        gate.open(1)
        #expect(await answers.next(1)[0].ticket == 9)
    }

    @Test("who joins a look-up that waits behind another's stuck ones does not wait for those") func joining() async {
        let gate = Gate()
        let settings = ResolverSettings(maxThreads: 2, mostThreads: 2, mostOfOne: 1)
        let resolver = Resolver(settings, lookUp: { $0 == "fast.example" ? echo($0) : gate.lookUp($0) })
        let answers = Answers()
        resolver.resolve("slow.example", ticket: 1, source: 3, for: asker(1), deliver: answers.deliver)
        resolver.resolve("fast.example", ticket: 2, source: 3, for: asker(1), deliver: answers.deliver)
        #expect(await gate.begun(1).count == 1)
        #expect(resolver.runningTime(ticket: 1, source: 3) != nil)
        #expect(resolver.runningTime(ticket: 2, source: 3) == nil)
        resolver.join(ticket: 2, source: 3, for: asker(2))
        #expect(await answers.next(1)[0].ticket == 2)
        gate.open(1)
        #expect(await answers.next(1)[0].ticket == 1)
    }

    @Test("a name that is empty, or that C would cut short, is not found", arguments: ["", "\0", "a.example\0.b"])
    func refusedName(name: String) async {
        let resolver = Resolver(lookUp: echo)
        let answers = Answers()
        resolver.resolve(name, ticket: 1, deliver: answers.deliver)
        #expect(await answers.next(1)[0].result == .failure(.notFound))
        #expect(resolver.threadCount == 0)
    }

    @Test("a resolver that is let go ends its threads, waiting or at work, without waiting for them")
    func end() async {
        let (freed, whenFreed) = AsyncStream<Int>.makeStream()
        let gate = Gate()
        let answers = Answers()
        do {
            let sentinel = Sentinel(whenFreed)
            let resolver = Resolver(
                ResolverSettings(maxThreads: 2),
                lookUp: { [sentinel] name in
                    withExtendedLifetime(sentinel) { name == "fast.example" ? echo(name) : gate.lookUp(name) }
                }
            )
            resolver.resolve("slow.example", ticket: 1, deliver: answers.deliver)
            #expect(await gate.begun(1).count == 1)
            resolver.resolve("fast.example", ticket: 2, deliver: answers.deliver)
            #expect(await answers.next(1)[0].ticket == 2)
        }
        gate.open(1)
        #expect(await answers.next(1)[0].ticket == 1)
        // The look-up, and with it the sentinel, goes when the last thread has.
        #expect(await freed.first(1).count == 1)
    }

    private let look = Resolver.systemLookUp(singleLabel: .hostsFile)

    @Test("the system's look-up reads address literals without a name server")
    func literals() throws {
        let v4 = try look("192.0.2.1").get()
        #expect(v4 == [ResolvedAddress(high: 0, low: 0xc000_0201, isV6: false)])
        let v6 = try look("2001:db8::1:2").get()
        #expect(v6 == [ResolvedAddress(high: 0x2001_0db8_0000_0000, low: 0x1_0002, isV6: true)])
    }

    @Test("want of something local is told from what a name server says") func localWant() {
        for code in [EMFILE, ENFILE, ENOMEM, ENOBUFS] {
            #expect(LookUpError(EAI_AGAIN, code) == .exhausted)
            #expect(LookUpError(EAI_SYSTEM, code) == .exhausted)
        }
        #expect(LookUpError(EAI_MEMORY, 0) == .exhausted)
        #expect(LookUpError(EAI_AGAIN, 0) == .tryAgain && LookUpError(EAI_AGAIN, ECONNREFUSED) == .tryAgain)
        #expect(LookUpError(EAI_SYSTEM, EPERM) == .other(EPERM) && LookUpError(EAI_NONAME, EMFILE) == .notFound)
    }

    @Test("what cannot be a name is not found by the system's look-up")
    func impossibleName() {
        #expect(look("a..b") == .failure(.notFound))
    }
}
