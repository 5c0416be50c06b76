import Synchronization
import Testing

@testable import ApusReactor

@Suite struct MailboxTests {
    @Test("messages come in order, and one ring a batch")
    func order() throws {
        let doorbell = try Waker()
        var io = try ReactorIO(doorbell: doorbell)
        let handler = Recorder()
        let box = Mailbox<Int>(doorbell)
        for number in 0..<1000 { box.post(number) }
        var seen: [Int] = []
        handler.onRang = { _ in seen += box.drain() }
        io.turn(handler, until: { _ in seen.count == 1000 })
        #expect(seen == Array(0..<1000))
        io.settle(handler)
        #expect(handler.events == [.rang])
        #expect(box.drain() == [])
        box.post(7)
        io.turn(handler, until: { _ in seen.last == 7 })
        #expect(handler.events == [.rang, .rang])
    }

    @Test("nothing is lost between threads that post and one that drains")
    func threads() throws {
        let doorbell = try Waker()
        var io = try ReactorIO(doorbell: doorbell)
        let handler = Recorder()
        let box = Mailbox<(Int, Int)>(doorbell)
        var next = [0, 0, 0]
        handler.onRang = { _ in
            for (thread, number) in box.drain() {
                #expect(number == next[thread])
                next[thread] += 1
            }
        }
        for thread in 0..<3 {
            _ = inBackground { for number in 0..<5000 { box.post((thread, number)) } }
        }
        io.turn(handler, until: { _ in next == [5000, 5000, 5000] })
    }
}
