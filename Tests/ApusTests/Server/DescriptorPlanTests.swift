import Testing

@testable import Apus

@Suite("Sharing out the descriptors")
struct DescriptorPlanTests {
    private func plan(_ limit: Int, threads: Int, pipes: Int = 64, hasAdmin: Bool = true) -> DescriptorPlan {
        DescriptorPlan(limit: limit, threads: threads, listeners: 1, lookUps: 4, pipes: pipes, hasAdmin: hasAdmin)
    }

    @Test("all that strangers can bring about fits below the ceiling, and all else above it")
    func addsUp() {
        for limit in [256, 1_024, 4_096, 20_000, 65_536, 1 << 20] {
            for threads in [1, 2, 16] {
                let plan = plan(limit, threads: threads)
                // Sockets, poller and bell of each thread, its clients beyond a cap, pipes, a client and its origin.
                let below = 8 + threads * (3 + plan.excess) + 2 * plan.pipes + 2 * plan.clients
                #expect(below <= plan.ceiling, "\(limit) \(threads)")
                // Look-ups, the admin listener, files.
                #expect(plan.ceiling + 2 * plan.lookUps + plan.admin + 16 + 24 <= limit, "\(limit) \(threads)")
                #expect(plan.clients >= 32 && plan.excess >= 1 && plan.pipes >= 1 && plan.admin >= 16)
            }
        }
    }

    @Test("what is not used leaves room for clients, and a large limit is nearly all for them") func room() {
        #expect(plan(20_000, threads: 2).clients >= 9_700)
        #expect(plan(20_000, threads: 2, pipes: 0).clients == plan(20_000, threads: 2).clients + 64)
        #expect(plan(256, threads: 2, hasAdmin: false).clients > plan(256, threads: 2).clients)
    }

    @Test("however little is allowed, there is something of each") func least() {
        for limit in [0, 1, 32, 64, 128] {
            let plan = plan(limit, threads: 16)
            #expect(plan.clients >= 16 && plan.lookUps >= 4 && plan.ceiling >= limit / 2)
        }
    }
}
