import Glibc
import Testing

@testable import ApusReactor

@Suite struct OutputTests {
    @Test("a run of the scratch and a run of the input leave in order")
    func runs() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (_, peer) = try io.pair(handler)
        handler.onScratch = { token, scratch, io in
            for (index, byte) in "head".utf8.enumerated() { scratch[10 + index] = byte }
            #expect(io.send(token, scratch: 10..<14, input: 1..<3) == .sent)
            #expect(io.send(token, scratch: 0..<0, input: 0..<1) == .sent)
            #expect(io.send(token, scratch: 11..<12, input: 0..<0) == .sent)
            #expect(io.send(token, [0x2D].span, input: 3..<99) == .sent)
            #expect(io.send(token, scratch: 0..<0, input: 0..<0) == .sent)
            #expect(
                io.withScratch(sendingTo: token) { spare in
                    spare[0] = 0x2B
                    return 1
                } == .sent
            )
            #expect(scratch[10] == 0x68)
        }
        peer.write("abcd")
        io.settle(handler)
        #expect(peer.readText(11) == "headbcae-d+")
        #expect(peer.drainNow() == 0)
    }

    @Test("input cannot be sent outside of received")
    func noInput() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        peer.write("secret")
        io.turn(handler, until: { _ in handler.text(token) == "secret" })
        #expect(io.send(token, scratch: 0..<0, input: 0..<6) == .sent)
        io.close(token)
        #expect(peer.readSome() == [])
    }

    @Test("what the kernel does not take waits, in order, and drained follows once")
    func drained() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler, window: 4096)
        let all = noise(6 << 20)
        #expect(io.send(token, Array(all[..<(5 << 20)]).span) == .waiting)
        for start in stride(from: 5 << 20, to: 6 << 20, by: 77_777) {
            let end = min(start + 77_777, 6 << 20)
            #expect(io.send(token, Array(all[start..<end]).span) == .waiting)
        }
        #expect(io.waiting(token) > 1 << 20)
        let result = inBackground { peer.read(6 << 20) }
        io.turn(handler, until: { _ in handler.events.contains(.drained(token)) })
        #expect(io.waiting(token) == 0)
        #expect(io.slots[token.index].pointee.output == nil)
        #expect(result() == all)
        io.settle(handler)
        #expect(handler.count(.drained(token)) == 1)
    }

    @Test("what is sent behind bytes that wait, in the very turn that brings room for them, does not stall the socket")
    func sentInTurnOfRoom() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (full, sink) = try io.pair(handler, window: 4096)
        let (other, writer) = try io.pair(handler)
        let all = noise(5 << 20)
        #expect(io.send(full, all.span) == .waiting)
        io.settle(handler)
        handler.onReceived = { _, bytes, io in
            io.send(full, bytes.span)
            return nil
        }
        // First one socket has input, then the other one room: the kernel tells of both in that order.
        writer.write("behind")
        var room = pollfd(fd: io.slots[full.index].pointee.descriptor, events: Int16(POLLOUT), revents: 0)
        var drained = 0
        while poll(&room, 1, 1) == 0 { drained += sink.drainNow() }
        io.turn(handler, until: { _ in handler.text(other) == "behind" })
        let count = all.count + 6 - drained
        let result = inBackground { sink.read(count).count }
        io.turn(handler, until: { _ in handler.events.contains(.drained(full)) })
        #expect(result() == count)
    }

    @Test("FIN goes out behind what waits, and nothing can be sent after it")
    func shutdownAfterWaiting() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler, window: 4096)
        let all = noise(5 << 20)
        #expect(io.send(token, all.span) == .waiting)
        io.shutdown(token)
        #expect(io.send(token, [1].span) == .failed)
        let result = inBackground { peer.read(6 << 20) }
        io.turn(handler, until: { _ in handler.events.contains(.drained(token)) })
        #expect(result() == all)
        peer.write("still read")
        io.turn(handler, until: { _ in handler.text(token) == "still read" })
    }

    @Test("FIN goes out at once when nothing waits")
    func shutdown() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.shutdown(token)
        #expect(peer.readSome() == [])
        peer.finish()
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        io.settle(handler)
        #expect(handler.events == [.connected(token), .ended(token)])
    }

    @Test("close drops what waits")
    func closeDrops() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler, window: 4096)
        #expect(io.send(token, noise(8 << 20).span) == .waiting)
        io.close(token)
        #expect(io.openSockets == 0)
        #expect(peer.read(8 << 20).count < 8 << 20)
        #expect(io.send(token, [1].span) == .stale)
    }

    @Test("reset sends RST")
    func reset() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.reset(token)
        #expect(peer.readError() == SocketError.connectionReset.code)
    }
}
