import ApusPolicy
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

@Suite("The verifier of passwords", .timeLimit(.minutes(1))) struct PasswordVerifierTests {
    @Test("works off what waits in its order, on so many threads, and then has none") func order() async {
        let script = Scripted()
        let verifier = PasswordVerifier(VerifierSettings(threads: 1), verify: script.verify)
        #expect(verifier.threadCount == 0)
        async let first = verifier.verify(Secret("a"), against: "a")
        await blocking { script.awaitBegun() }
        #expect(verifier.threadCount == 1)
        async let second = verifier.verify(Secret("a"), against: "b")
        while verifier.waitingCount < 1 { await Task.yield() }
        async let third = verifier.verify(Secret("c"), against: "c")
        while verifier.waitingCount < 2 { await Task.yield() }
        #expect(verifier.threadCount == 1)
        script.letGo(3)
        #expect(await [first, second, third] == [.right, .wrong, .right])
        #expect(script.seen == ["a", "b", "c"])
        while verifier.threadCount > 0 { await Task.yield() }
        // And begins anew.
        async let last = verifier.verify(Secret("d"), against: "d")
        script.letGo(1)
        #expect(await last == .right)
    }

    @Test("takes no more than may wait, and does nothing for what has waited too long") func bounds() async {
        let script = Scripted()
        let settings = VerifierSettings(threads: 1, waiting: 1, deadline: .zero)
        let verifier = PasswordVerifier(settings, verify: script.verify)
        // With a deadline of zero the first is late already when its thread begins.
        #expect(await verifier.verify(Secret("a"), against: "a") == .busy)
        #expect(script.seen.isEmpty)
        let patient = PasswordVerifier(VerifierSettings(threads: 1, waiting: 1), verify: script.verify)
        async let first = patient.verify(Secret("a"), against: "a")
        await blocking { script.awaitBegun() }
        async let second = patient.verify(Secret("b"), against: "b")
        while patient.waitingCount < 1 { await Task.yield() }
        #expect(await patient.verify(Secret("c"), against: "c") == .busy)
        script.letGo(2)
        #expect(await [first, second] == [.right, .right])
    }

    @Test("answers what waits although nobody holds it any more") func abandoned() async {
        let script = Scripted()
        let task = Task { await PasswordVerifier(verify: script.verify).verify(Secret("a"), against: "a") }
        script.letGo(1)
        #expect(await task.value == .right)
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
