import ApusPolicy
import ApusWire
import Dispatch
import Synchronization
import Testing

@testable import ApusAuth

/// Comparisons that wait until they are let go; the password that equals its hash is right.
private final class Scripted: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let begun = DispatchSemaphore(value: 0)
    private let hashes = Mutex<[String]>([])

    var seen: [String] { hashes.withLock { $0 } }

    func verify(_ password: Secret, _ hash: String) -> Crypt.Outcome {
        hashes.withLock { $0.append(hash) }
        begun.signal()
        gate.wait()
        return password == Secret(hash) ? .right : .wrong
    }

    func awaitBegun() { begun.wait() }
    func letGo(_ count: Int) { for _ in 0..<count { gate.signal() } }
}

@Suite("The verifier of passwords", .timeLimit(.minutes(15))) struct PasswordVerifierTests {
    /// No deadline that a busy machine could pass.
    private let patient: Duration = .seconds(3600)

    /// Submits passwords, each with its hash, and answers their outcomes as they come.
    private func submit(
        _ pairs: [(String, String)],
        from client: IPAddress = IPAddress(v4: 1),
        to verifier: PasswordVerifier
    ) -> AsyncStream<PasswordVerifier.Outcome> {
        let (outcomes, feed) = AsyncStream.makeStream(of: PasswordVerifier.Outcome.self)
        for (password, hash) in pairs {
            verifier.submit(Secret(password), against: hash, from: client) { feed.yield($0) }
        }
        return outcomes
    }

    @Test("works off what waits in its order, on so many threads") func order() async {
        let script = Scripted()
        let verifier = PasswordVerifier(VerifierSettings(threads: 1, deadline: patient), verify: script.verify)
        #expect(verifier.threadCount == 0)
        let outcomes = submit([("a", "a"), ("a", "b"), ("c", "c")], to: verifier)
        await blocking { script.awaitBegun() }
        #expect(verifier.threadCount == 1 && verifier.waitingCount == 2)
        script.letGo(3)
        #expect(await outcomes.prefix(3).reduce(into: []) { $0.append($1) } == [.right, .wrong, .right])
        #expect(script.seen == ["a", "b", "c"])
        // What comes when all is done is done too.
        script.letGo(1)
        #expect(await verifier.verify(Secret("d"), against: "d", from: IPAddress(v4: 1)) == .right)
    }

    @Test("takes no more than may wait") func full() async {
        let script = Scripted()
        let settings = VerifierSettings(threads: 1, waiting: 1, deadline: patient)
        let verifier = PasswordVerifier(settings, verify: script.verify)
        let first = submit([("a", "a")], to: verifier)
        await blocking { script.awaitBegun() }
        let others = submit([("b", "b"), ("c", "c")], to: verifier)
        #expect(await others.first { _ in true } == .busy)
        script.letGo(2)
        #expect(await first.first { _ in true } == .right)
        #expect(script.seen.first == "a" && !script.seen.contains("c"))
    }

    @Test("lets each client have its turn, whatever one of them sends") func turns() async {
        let script = Scripted()
        let verifier = PasswordVerifier(VerifierSettings(threads: 1, deadline: patient), verify: script.verify)
        let many = submit((0..<20).map { ("x", "a\($0)") }, from: IPAddress(v4: 1), to: verifier)
        await blocking { script.awaitBegun() }
        let one = submit([("b", "b")], from: IPAddress(v4: 2), to: verifier)
        script.letGo(21)
        #expect(await one.first { _ in true } == .right)
        #expect(await many.prefix(20).reduce(into: 0) { count, _ in count += 1 } == 20)
        #expect(script.seen.prefix(4) == ["a0", "a1", "b", "a2"])
    }

    @Test("takes an IPv6 network of as many bits as it is told for one client", arguments: [48, 64])
    func networks(bits: Int) async {
        let script = Scripted()
        let settings = VerifierSettings(threads: 1, deadline: patient, ipv6Prefix: bits)
        let verifier = PasswordVerifier(settings, verify: script.verify)
        let network: UInt64 = 0x2001_0db8_0001_0000
        let many = submit((0..<4).map { ("x", "a\($0)") }, from: IPAddress(v6High: network | 1, low: 1), to: verifier)
        await blocking { script.awaitBegun() }
        let other = submit([("b", "b")], from: IPAddress(v6High: network | 2, low: 1), to: verifier)
        script.letGo(5)
        #expect(await other.first { _ in true } == .right)
        #expect(await many.prefix(4).reduce(into: 0) { count, _ in count += 1 } == 4)
        #expect(script.seen == (bits == 64 ? ["a0", "a1", "b", "a2", "a3"] : ["a0", "a1", "a2", "a3", "b"]))
    }

    @Test("does nothing for what would wait, or has waited, too long") func late() async {
        for deadline in [.zero, .microseconds(1)] as [Duration] {
            let script = Scripted()
            let verifier = PasswordVerifier(VerifierSettings(threads: 1, deadline: deadline), verify: script.verify)
            let first = submit([("a", "a")], to: verifier)
            await blocking { script.awaitBegun() }
            let second = submit([("b", "b")], to: verifier)
            // At once, while the first one is at work, or when it is the second one's turn.
            if deadline == .zero { #expect(await second.first { _ in true } == .busy) }
            script.letGo(1)
            #expect(await first.first { _ in true } == .right)
            if deadline != .zero { #expect(await second.first { _ in true } == .busy) }
            #expect(script.seen == ["a"])
        }
    }

    @Test("answers what waits although nobody holds it any more") func abandoned() async {
        let script = Scripted()
        script.letGo(1)
        let settings = VerifierSettings(deadline: patient)
        let outcomes = submit([("a", "a")], to: PasswordVerifier(settings, verify: script.verify))
        #expect(await outcomes.first { _ in true } == .right)
    }

    private func blocking(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                body()
                continuation.resume()
            }
        }
    }
}
