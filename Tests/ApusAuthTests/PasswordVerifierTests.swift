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

@Suite("The verifier of passwords", .timeLimit(.minutes(15))) struct PasswordVerifierTests {
    /// No deadline that a busy machine could pass.
    private let patient: Duration = .seconds(3600)

    /// Submits passwords, each with its hash, and answers their outcomes as they come.
    private func submit(_ pairs: [(String, String)], to verifier: PasswordVerifier) -> AsyncStream<
        PasswordVerifier.Outcome
    > {
        let (outcomes, feed) = AsyncStream.makeStream(of: PasswordVerifier.Outcome.self)
        for (password, hash) in pairs { verifier.submit(Secret(password), against: hash) { feed.yield($0) } }
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
        #expect(await verifier.verify(Secret("d"), against: "d") == .right)
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

    @Test("does nothing for what has waited too long") func late() async {
        let script = Scripted()
        let verifier = PasswordVerifier(VerifierSettings(deadline: .zero), verify: script.verify)
        #expect(await verifier.verify(Secret("a"), against: "a") == .busy)
        #expect(script.seen.isEmpty)
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
