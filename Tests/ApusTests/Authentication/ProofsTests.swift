import ApusPolicy
import ApusWire
import Testing

@testable import Apus

@Suite("Verifications under way") struct ProofsTests {
    private func join(
        _ proofs: inout Proofs,
        _ digest: UInt64,
        _ client: UInt32,
        from address: UInt32 = 1,
        at now: UInt64 = 0
    ) -> Proofs.Joining {
        let waiter = Proofs.Waiter(client: client, serial: 0)
        return proofs.join(SipHash.Digest(digest, 0), waiter, from: IPAddress(v4: address), now: now, patience: 100)
    }

    private func answered(_ proofs: inout Proofs, _ digest: UInt64, _ ticket: UInt64) -> [UInt32]? {
        proofs.answered(SipHash.Digest(digest, 0), ticket)?.waiters.map(\.client)
    }

    @Test("the same credentials wait for the same one, others for their own") func joining() {
        var proofs = Proofs()
        #expect(join(&proofs, 1, 10) == .start(1))
        #expect(join(&proofs, 1, 11, at: 99) == .joined)
        #expect(join(&proofs, 2, 12) == .start(2))
        #expect(answered(&proofs, 1, 1) == [10, 11])
        #expect(join(&proofs, 1, 13) == .start(3))
        #expect(answered(&proofs, 2, 2) == [12] && answered(&proofs, 1, 3) == [13])
    }

    @Test("what was begun before all was forgotten is nobody's who comes later") func forgotten() {
        var proofs = Proofs()
        #expect(join(&proofs, 1, 10) == .start(1) && join(&proofs, 2, 11) == .start(2))
        proofs.forget()
        #expect(proofs.answered(SipHash.Digest(1, 0), 1)?.isOld == true)
        // Who waits for it waits for the new one, as everybody after.
        #expect(join(&proofs, 2, 12) == .start(3))
        #expect(answered(&proofs, 2, 2) == nil)
        let new = proofs.answered(SipHash.Digest(2, 0), 3)
        #expect(new?.waiters.map(\.client) == [11, 12] && new?.isOld == false)
    }

    @Test("one that takes too long is begun anew; its late answer is for nobody, and those who waited wait on")
    func late() {
        var proofs = Proofs()
        #expect(join(&proofs, 1, 10) == .start(1))
        #expect(join(&proofs, 1, 11, at: 100) == .start(2))
        #expect(answered(&proofs, 1, 1) == nil)
        #expect(answered(&proofs, 1, 2) == [10, 11])
    }

    @Test("no more than 1,024 are under way, and each that ends makes room") func bound() {
        var proofs = Proofs()
        for number in 0..<1024 as Range<UInt64> {
            #expect(join(&proofs, number, 0, from: UInt32(number)) == .start(number + 1))
        }
        #expect(join(&proofs, 5000, 0, from: 5000) == .full)
        #expect(join(&proofs, 7, 1, from: 7) == .joined)
        #expect(answered(&proofs, 3, 4) == [0])
        #expect(join(&proofs, 5000, 0, from: 5000) == .start(1025))
    }

    @Test("one client has 64 of them at most, also of those that nobody waits for") func oneClient() {
        var proofs = Proofs()
        for number in 0..<64 as Range<UInt64> { #expect(join(&proofs, number, 0) == .start(number + 1)) }
        #expect(join(&proofs, 5000, 0) == .full && join(&proofs, 0, 0, at: 100) == .full)
        #expect(join(&proofs, 6000, 0, from: 2) == .start(65))
        #expect(answered(&proofs, 0, 1) == [0])
        #expect(join(&proofs, 5000, 0) == .start(66) && join(&proofs, 5001, 0) == .full)
    }
}
