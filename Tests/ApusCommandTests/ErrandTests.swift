import ApusTesting
import Foundation
import Synchronization
import Testing

@testable import ApusCommand

@Suite("Work that may hang", .timeLimit(.minutes(1)))
struct ErrandTests {
    /// Work that tells when it begins, and ends when it is told to.
    private final class Work: Sendable {
        let begun = DispatchSemaphore(value: 0)
        let go = DispatchSemaphore(value: 0)
        private let times = Mutex(0)

        var count: Int { times.withLock { $0 } }

        func run() {
            times.withLock { $0 += 1 }
            begun.signal()
            go.wait()
        }
    }

    @Test("is done one at a time, once more for all who ask meanwhile, and those do not wait") func once() async throws
    {
        let work = Work()
        let errand = Errand { work.run() }
        async let first: Void = errand.run()
        try await onOwnThread { work.begun.wait() }
        for _ in 0..<100 { await errand.run() }
        #expect(work.count == 1)
        work.go.signal()
        work.go.signal()
        await first
        #expect(work.count == 2)
        async let third: Void = errand.run()
        work.go.signal()
        await third
        #expect(work.count == 3)
    }
}
