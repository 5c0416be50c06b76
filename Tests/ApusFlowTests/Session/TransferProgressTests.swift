import Testing

@testable import ApusFlow

@Suite("What has moved when a deadline has passed") struct TransferProgressTests {
    @Test("as long as nothing is known, all times have passed") func nothing() {
        let (progress, times) = (TransferProgress(), DeadlineTimes.sample)
        for deadline in [Deadline.requestBody, .responseBody, .clientEnded, .firstByte, .head, .none] {
            #expect(progress.left(ofExchange: deadline, times) == nil)
        }
        #expect(progress.left(ofTransfer: .flush, times) == nil && progress.left(ofLinger: times) == nil)
        #expect(progress.left(ofTunnel: .tunnel, times) == nil && progress.stalled == nil)
    }

    @Test("where both sides are behind, it is the client that is to blame") func stalled() {
        var progress = TransferProgress()
        progress.upstreamIsBehind = true
        #expect(progress.stalled == .upstream)
        progress.clientIsBehind = true
        #expect(progress.stalled == .client)
    }

    @Test(
        "a time is never left that is longer than its limit, and none once the limit has been idle",
        arguments: 0..<200 as Range<UInt32>
    )
    func bounds(_ idle: UInt32) {
        var progress = TransferProgress()
        progress.clientIdle = idle
        progress.lingers = idle
        let times = DeadlineTimes.sample
        for deadline in [Deadline.responseBody, .clientEnded, .keepAlive] {
            let left = progress.left(ofTransfer: deadline, times)
            #expect((left == nil) == (idle >= times[deadline]))
            // A client that stops reading is found out within the time of a stall.
            if let left { #expect(left > 0 && left <= times[.flush] && left <= times[deadline] - idle) }
        }
        let tunnel = progress.left(ofTunnel: .tunnel, times)
        #expect(tunnel == (idle < times[.tunnel] ? times[.tunnel] - idle : nil))
        let linger = progress.left(ofLinger: times)
        #expect((linger == nil) == (idle >= times[.linger]))
    }

    @Test("a rate that no counter can hold is none that anybody has") func rate() {
        var times = DeadlineTimes()
        times[.requestBody] = .max
        times.minimumBodyRate = 1 << 30
        var progress = TransferProgress()
        progress.came = 1 << 40
        #expect(progress.left(ofExchange: .requestBody, times) == nil)
        progress.came = .max
        #expect(progress.left(ofExchange: .requestBody, times) == 0)
    }
}
