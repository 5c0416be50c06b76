import Glibc
import Testing

@testable import ApusReactor

@Suite struct FailureTests {
    @Test("a reset before anything was read fails the socket, once")
    func resetBeforeRead() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        peer.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .connectionReset) })
        io.settle(handler)
        #expect(handler.events == [.connected(token), .failed(token, .connectionReset)])
        #expect(io.send(token, [1].span) == .failed)
    }

    @Test("bytes that came before a reset are shown before it is told")
    func resetAfterBytes() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        peer.write("last words")
        peer.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .connectionReset) })
        #expect(handler.text(token) == "last words")
    }

    @Test("a reset of a paused socket is told though nothing may be read")
    func resetWhilePaused() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.pause(token)
        peer.write("unread")
        io.settle(handler)
        peer.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .connectionReset) })
        #expect(handler.input[token] == nil)
    }

    @Test("FIN of a paused socket is told only when it is resumed")
    func finWhilePaused() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.pause(token)
        peer.finish()
        io.settle(handler)
        #expect(handler.events == [.connected(token)])
        io.resume(token)
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
    }

    @Test("a reset after FIN is told after it")
    func resetAfterFin() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        peer.finish()
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        io.send(token, [1].span)
        peer.reset()
        io.turn(handler, until: { _ in if case .failed(token, _) = handler.events.last { true } else { false } })
    }

    @Test("a reset while output waits drops it")
    func resetWhileWaiting() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler, window: 4096)
        #expect(io.send(token, noise(8 << 20).span) == .waiting)
        peer.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .connectionReset) })
        #expect(io.waiting(token) == 0)
        #expect(io.slots[token.index].pointee.output == nil)
        #expect(handler.count(.drained(token)) == 0)
    }

    @Test("an early answer is shown before the failure of the send that met the closed socket")
    func earlyAnswer() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.pause(token)
        // Unread input makes the kernel send RST on close: first the answer, then the reset.
        #expect(io.send(token, noise(1000).span) == .sent)
        _ = peer.read(1000)
        peer.write("413 too much")
        peer.close()
        // The first send brings the RST, the second one meets it; no event is looked at in between.
        #expect(io.send(token, noise(1000).span) == .sent)
        var result = SendResult.sent
        for _ in 0..<1000 where result == .sent { result = io.send(token, noise(1000).span) }
        #expect(result == .failed)
        #expect(handler.events == [.connected(token)])
        io.resume(token)
        io.turn(handler, until: { _ in if case .failed(token, _) = handler.events.last { true } else { false } })
        #expect(handler.text(token) == "413 too much")
        #expect(handler.count(.ended(token)) == 0)
        io.settle(handler)
        #expect(handler.events.count == 3)
    }

    @Test("an early answer is relayed to its end before the failure is told")
    func earlyAnswerRelayed() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (upstream, origin) = try io.pair(handler)
        let (client, browser) = try io.pair(handler, window: 4096)
        let before = noise(5 << 20)
        #expect(io.send(client, before.span) == .waiting)
        io.relay(from: upstream, to: client, count: .max)
        // No more than the window, or the reset would destroy what has not left the origin.
        let answer = noise(30_000)
        origin.write(answer)
        origin.close()
        var result = SendResult.sent
        for _ in 0..<1000 where result == .sent { result = io.send(upstream, noise(1000).span) }
        #expect(result == .failed)
        io.settle(handler)
        #expect(handler.events.count == 2)
        let seen = inBackground { browser.read(before.count + answer.count) }
        io.turn(
            handler,
            until: { _ in if case .failed(upstream, _) = handler.events.last { true } else { false } }
        )
        #expect(seen() == before + answer)
        #expect(io.waiting(client) == 0)
    }

    @Test("a reset of a relay's source is told after its bytes; the target lives")
    func sourceReset() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler)
        io.relay(from: from, to: to, count: .max)
        source.write("tail")
        source.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(from, .connectionReset) })
        #expect(sink.readText(4) == "tail")
        io.close(from)
        #expect(io.send(to, [0x21].span) == .sent)
        #expect(sink.readText(1) == "!")
    }

    @Test("a reset of a relay's target is told while bytes wait in its pipe, and the source is not read")
    func targetReset() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, to, _, sink, source) = try io.stuffed(handler)
        sink.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(to, .connectionReset) })
        #expect(io.waiting(to) == 0)
        #expect(io.pipes.idle.isEmpty)
        source.finish()
        io.settle(handler)
        #expect(handler.count(.ended(from)) == 0)
        io.close(to)
        io.turn(handler, until: { _ in handler.events.last == .ended(from) })
    }

    @Test("both ends of a tunnel may be reset at once")
    func bothReset() throws {
        for order in [true, false] {
            var io = try ReactorIO.make()
            let handler = Recorder()
            let (left, client) = try io.pair(handler, window: 4096)
            let (right, server) = try io.pair(handler, window: 4096)
            io.relay(from: left, to: right, count: .max)
            io.relay(from: right, to: left, count: .max)
            for _ in 0..<20 {
                _ = client.fill(1 << 20)
                _ = server.fill(1 << 20)
                io.settle(handler)
            }
            #expect(io.waiting(left) > 0 && io.waiting(right) > 0)
            (order ? client : server).reset()
            (order ? server : client).reset()
            io.turn(
                handler,
                until: { _ in
                    handler.events.contains(.failed(left, .connectionReset))
                        && handler.events.contains(.failed(right, .connectionReset))
                }
            )
        }
    }

    @Test("a refused connection fails and is never connected")
    func refused() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let port = try Origin().port
        for early in [false, true] {
            let token = try io.connect(.loopback(port))
            if early { #expect(io.send(token, [1].span) != .sent) }
            io.turn(handler, until: { _ in handler.events.last == .failed(token, .connectionRefused) })
            #expect(handler.count(.connected(token)) == 0)
            io.close(token)
        }
    }

    @Test("the two ends of a socket pair work as well, to their end")
    func socketPair() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        var ends: [Int32] = [0, 0]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        let peer = Peer(ends[1])
        let token = io.adopt(Descriptor(adopting: ends[0]))
        peer.write("x")
        io.turn(handler, until: { _ in handler.text(token) == "x" })
        #expect(io.send(token, noise(4 << 20).span) == .waiting)
        let result = inBackground { peer.read(4 << 20).count }
        io.turn(handler, until: { _ in handler.events.last == .drained(token) })
        #expect(result() == 4 << 20)
        peer.close()
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(io.send(token, [1].span) == .failed)
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .brokenPipe) })
    }

    @Test("a descriptor that cannot be watched fails")
    func unwatchable() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let token = io.adopt(Descriptor(adopting: open("/proc/self/status", O_RDONLY)))
        io.turn(handler, until: { _ in handler.events == [.failed(token, SocketError(code: EPERM))] })
    }
}
