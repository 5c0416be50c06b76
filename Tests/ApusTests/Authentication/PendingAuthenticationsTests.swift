import ApusPolicy
import ApusWire
import Testing

@testable import Apus

/// Verifications under way, and those that have their turn.
private final class Bench {
    private var proofs = PendingAuthentications()
    private(set) var works: [PendingAuthentications.Work] = []

    /// `joined`, `waits`, `waits instead of […]`, `begins` or `full`.
    func join(
        _ digest: UInt64,
        _ client: UInt32,
        as user: String? = nil,
        from address: UInt32 = 1,
        at now: UInt64 = 0,
        knowing generation: UInt64? = nil
    ) -> String {
        let claim = PendingAuthentications.Claim(
            credentials: user.map { .basic(user: $0, password: Secret("\(digest)")) } ?? .bearer(Secret("\(digest)")),
            digest: SipHash.Digest(digest, 0),
            address: IPAddress(v4: address),
            authenticator: Anybody()
        )
        let joining = proofs.join(
            claim,
            PendingAuthentications.Waiter(thread: 0, wait: WaitID(client: client, serial: 0)),
            generation: generation ?? proofs.generation,
            now: now,
            patience: 100
        )
        switch joining {
        case .joined: return "joined"
        case .waits(let others): return others.isEmpty ? "waits" : "waits instead of \(others.map(\.wait.client))"
        case .begins(let work):
            works.append(work)
            return "begins"
        case .full: return "full"
        }
    }

    func forget() { proofs.forget() }

    /// The oldest that has its turn ends: who waited for it, whether it is old, nil where nobody waits.
    func end(_ index: Int = 0, took: UInt64? = nil) -> (clients: [UInt32], isOld: Bool)? {
        proofs.ended(works.remove(at: index), took: took).map { ($0.waiters.map(\.wait.client), $0.isOld) }
    }

    /// How many have their turn now, and who waited for too long.
    func next(at now: UInt64 = 0) -> (begun: Int, late: [UInt32]) {
        var (begun, late) = (0, [UInt32]())
        while let next = proofs.next(now: now) {
            switch next {
            case .begins(let work):
                works.append(work)
                begun += 1
            case .late(let waiters): late += waiters.map(\.wait.client)
            }
        }
        return (begun, late)
    }
}

@Suite("Verifications under way") struct PendingAuthenticationsTests {
    @Test("the same credentials wait for the same one, others for their own") func joining() throws {
        let bench = Bench()
        #expect(bench.join(1, 10) == "begins" && bench.join(1, 11, at: 99) == "joined")
        #expect(bench.join(2, 12) == "begins")
        #expect(try #require(bench.end()).clients == [10, 11])
        #expect(bench.join(1, 13) == "begins")
        #expect(try #require(bench.end()).clients == [12] && bench.end()?.clients == [13])
    }

    @Test("what was begun before all was forgotten is nobody's who comes later") func forgotten() throws {
        let bench = Bench()
        #expect(bench.join(1, 10) == "begins" && bench.join(2, 11) == "begins")
        bench.forget()
        #expect(try #require(bench.end()).isOld)
        // Who waits for it waits for the new one, as everybody after.
        #expect(bench.join(2, 12) == "begins")
        #expect(bench.end() == nil)
        let new = try #require(bench.end())
        #expect(new.clients == [11, 12] && !new.isOld)
        // A thread that has not heard of it asks the authenticator that there was.
        #expect(bench.join(3, 13, knowing: 0) == "begins" && bench.join(3, 14, knowing: 1) == "begins")
        #expect(bench.end() == nil)
        #expect(try #require(bench.end()).clients == [13, 14])
        #expect(bench.join(4, 15, knowing: 0) == "begins")
        #expect(try #require(bench.end()).isOld)
    }

    @Test("one that takes too long is begun anew; its late answer is for nobody, and those who waited wait on")
    func late() throws {
        let bench = Bench()
        #expect(bench.join(1, 10) == "begins" && bench.join(1, 11, at: 100) == "begins")
        #expect(bench.end() == nil)
        #expect(try #require(bench.end()).clients == [10, 11])
    }

    @Test("no more than 1,024 are under way and as many wait, and each that ends makes room") func bound() throws {
        let bench = Bench()
        for number in 0..<1024 as Range<UInt64> {
            #expect(bench.join(number, 0, from: UInt32(number)) == "begins")
        }
        for number in 1024..<2048 as Range<UInt64> {
            #expect(bench.join(number, 1, from: UInt32(number)) == "waits")
        }
        #expect(bench.join(5000, 2, from: 5000) == "full" && bench.join(7, 3, from: 7) == "joined")
        #expect(try #require(bench.end()).clients == [0] && bench.next().begun == 1)
        #expect(bench.join(5000, 2, from: 5000) == "waits")
    }

    @Test("one client has 8 of them, and one user whom many claim to be 4; the others wait") func handful() throws {
        let bench = Bench()
        for number in 0..<8 as Range<UInt64> { #expect(bench.join(number, 0, as: "u\(number)") == "begins") }
        #expect(bench.join(20, 20, as: "u20") == "waits" && bench.join(20, 21, as: "u20") == "joined")
        for number in 30..<34 as Range<UInt64> {
            #expect(bench.join(number, 0, as: "anna", from: UInt32(number)) == "begins")
        }
        #expect(bench.join(40, 40, as: "anna", from: 40) == "waits")
        #expect(bench.join(41, 0, as: "bo", from: 41) == "begins")
        // One of the client's ends, and so it is the turn of the one that two wait for.
        #expect(bench.end() != nil && bench.next().begun == 1)
        #expect(bench.end(bench.works.count - 1)?.clients == [20, 21])
        #expect(bench.next().begun == 0)
        // One that waits for its user's turn waits no longer than clients do.
        let (begun, late) = bench.next(at: 100)
        #expect(begun == 0 && late == [40])
    }

    @Test("what could not be in time is not taken in") func lateness() throws {
        let bench = Bench()
        #expect(bench.join(0, 0) == "begins" && bench.end(took: 30) != nil)
        for number in 1...8 as ClosedRange<UInt64> { #expect(bench.join(number, 0) == "begins") }
        let joined = (9...32 as ClosedRange<UInt64>).map { bench.join($0, 0) }
        #expect(joined == Array(repeating: "waits", count: 16) + Array(repeating: "full", count: 8))
        #expect(bench.join(50, 0, from: 2) == "begins")
    }
}
