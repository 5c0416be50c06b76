import ApusFlow
import ApusPolicy
import Testing

@testable import Apus

@Suite("The policies that a thread holds")
struct PolicySnapshotsTests {
    private func snapshot(_ serial: UInt32, after old: PolicySnapshot? = nil) throws -> PolicySnapshot {
        let policy = try CompiledPolicy(rules(allow("rule \(serial)")), sharing: old?.policy)
        return PolicySnapshot(policy, usage: .none, serial: serial, after: old)
    }

    @Test("one is held while a request may ask it, and while it is the current one") func asked() throws {
        var held = PolicySnapshots(try snapshot(1))
        var request = held.retain()
        try held.adopt(snapshot(2))
        #expect(held[request]?.serial == 1 && held[held.current]?.serial == 2 && held.counts == (2, 0))
        held.release(&request)
        #expect(request == PolicySnapshots.none && held[request] == nil && held.counts == (1, 0))
        held.release(&request)
        request = held.retain()
        held.release(&request)
        #expect(held[held.current]?.serial == 2 && held.counts == (1, 0))
    }

    @Test("of one that is only named the words are held, until nobody names it") func named() throws {
        var held = PolicySnapshots(try snapshot(1))
        var (tunnel, other) = (held.retain(), held.retain())
        held.settle(&tunnel)
        // It is the current one all the same.
        #expect(held[held.current]?.serial == 1 && held[tunnel] == nil && held.counts == (1, 0))
        try held.adopt(snapshot(2))
        #expect(held.counts == (2, 0))
        held.settle(&other)
        held.settle(&other)
        #expect(held.counts == (1, 1))
        #expect(held.serial(of: tunnel) == 1 && held.words(of: tunnel)?.label(0) == "rule 1")
        held.release(&tunnel)
        #expect(held.words(of: tunnel) == nil && held.serial(of: tunnel) == 0 && held.counts == (1, 1))
        held.release(&other)
        #expect(held.counts == (1, 0))
        // Nor does the place of what is only named go to another one.
        var third = held.retain()
        held.settle(&third)
        try held.adopt(snapshot(3))
        try held.adopt(snapshot(4))
        #expect(held.words(of: third)?.label(0) == "rule 2" && held.counts == (1, 1))
    }

    @Test("nothing is none") func none() throws {
        var held = PolicySnapshots(try snapshot(1))
        var none = PolicySnapshots.none
        held.settle(&none)
        held.release(&none)
        #expect(none == PolicySnapshots.none && held[none] == nil && held.words(of: none) == nil)
    }

    @Test("what rules are called is shared where it has not changed, though what they do has") func words() throws {
        let first = try snapshot(1)
        let same = rules(allow("rule 1") { $0.ports = [80...80] })
        let policy = try CompiledPolicy(same, sharing: first.policy)
        let second = PolicySnapshot(policy, usage: .none, serial: 2, after: first)
        #expect(!policy.isShared(with: first.policy) && second.words === first.words)
        #expect(try snapshot(3, after: second).words !== second.words)
    }
}
