import Glibc
import Testing

@testable import ApusReactor

@Suite struct RelayTests {
    @Test(
        "an unbounded relay moves every byte in order to a slow reader, and then tells the end",
        arguments: [(32 << 20, 0), (32 << 20, 1 << 20), (100_000, 0)]
    )
    func unbounded(total: Int, pauseEvery: Int) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler, window: pauseEvery > 0 ? 8192 : nil)
        let all = noise(total, seed: 7)
        io.relay(from: from, to: to, count: .max)
        _ = inBackground {
            source.write(all)
            source.finish()
        }
        let result = inBackground { sink.read(total + 1) }
        handler.onEnded = { token, io in
            #expect(io.waiting(to) == 0)
            #expect(io.relayMoved(from: token) == UInt64(total))
            io.shutdown(to)
        }
        io.turn(handler, until: { _ in handler.events.contains(.ended(from)) })
        #expect(result() == all)
        #expect(handler.input[from] == nil)
        #expect(io.slots[to.index].pointee.pipe == -1)
        #expect(io.pipes.idle.count == io.pipes.pipes.count)
        if total > 1 << 20 { #expect(io.pipes.pipes.count == 1) }
        #expect(handler.count(.drained(to)) == 0)
    }

    @Test("a bounded relay takes its count and not a byte more", arguments: [1, 1000, 65_535, 65_536, 3_000_000])
    func bounded(count: Int) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler, window: 16384)
        let all = noise(count + 5000, seed: 3)
        _ = inBackground {
            source.write(all)
            source.finish()
        }
        let result = inBackground { sink.read(count + 1) }
        handler.onRelayed = { token, io in
            #expect(io.waiting(to) == 0)
            io.shutdown(to)
        }
        io.relay(from: from, to: to, count: UInt64(count))
        io.turn(handler, until: { _ in handler.events.contains(.ended(from)) })
        #expect(handler.count(.relayed(from)) == 1)
        #expect(result() == Array(all[..<count]))
        #expect(handler.input[from] == Array(all[count...]))
        #expect(io.pipes.idle.count == io.pipes.pipes.count)
    }

    @Test("a relay begun inside received moves what that left, at every cut of the bytes")
    func begunInside() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let text = Array("head|body|next".utf8)
        for cut in 1...text.count {
            let (from, source) = try io.pair(handler)
            let (to, sink) = try io.pair(handler)
            var isBody = false
            handler.onReceived = { token, bytes, io in
                if isBody { return bytes.count }
                guard bytes.count >= 5 else { return 0 }
                isBody = true
                io.relay(from: token, to: to, count: 5)
                return 5
            }
            source.write(Array(text[..<cut]))
            io.settle(handler)
            source.write(Array(text[cut...]))
            io.turn(handler, until: { _ in handler.input[from]?.count == 9 })
            #expect(handler.text(from) == "head|next")
            #expect(sink.readText(5) == "body|")
            #expect(handler.count(.relayed(from)) == 1)
            io.close(from)
            io.close(to)
        }
    }

    @Test("kept bytes of a paused source go first on resume, behind output that waits already")
    func keptFirst() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler, window: 4096)
        handler.onReceived = { token, _, io in
            io.pause(token)
            return 1
        }
        source.write("!kept ")
        io.settle(handler)
        let first = noise(5 << 20)
        #expect(io.send(to, first.span) == .waiting)
        io.relay(from: from, to: to, count: 9)
        io.settle(handler)
        source.write("newlast")
        io.settle(handler)
        #expect(io.relayMoved(from: from) == 0)
        io.resume(from)
        io.settle(handler)
        #expect(io.relayMoved(from: from) == 0)
        let result = inBackground { sink.read((5 << 20) + 8 + 1) }
        handler.onReceived = { _, _, _ in nil }
        io.turn(handler, until: { _ in handler.text(from) == "!st" || handler.text(from) == "!ast" })
        #expect(handler.count(.relayed(from)) == 1)
        #expect(handler.count(.drained(to)) == 1)
        #expect(handler.text(from) == "!st" || handler.text(from) == "!ast")
        io.shutdown(to)
        #expect(result() == first + Array("kept newla".utf8).prefix(9))
    }

    @Test("a paused source moves nothing, kept or new, and its end is told after the resume", arguments: [false, true])
    func pausedSource(inside: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler)
        handler.onReceived = { token, _, io in
            io.pause(token)
            if inside { io.relay(from: token, to: to, count: .max) }
            return 1
        }
        source.write("!kept")
        source.finish()
        io.settle(handler)
        if !inside { io.relay(from: from, to: to, count: .max) }
        io.settle(handler)
        #expect(io.relayMoved(from: from) == 0)
        io.resume(from)
        io.turn(handler, until: { _ in handler.events.last == .ended(from) })
        #expect(io.relayMoved(from: from) == 4)
        #expect(sink.readText(4) == "kept")
    }

    @Test("both directions of a tunnel at once, FIN each way by itself")
    func tunnel() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (left, client) = try io.pair(handler)
        let (right, server) = try io.pair(handler)
        let up = noise(9 << 20, seed: 11)
        let down = noise(7 << 20, seed: 12)
        io.relay(from: left, to: right, count: .max)
        io.relay(from: right, to: left, count: .max)
        handler.onEnded = { token, io in io.shutdown(token == left ? right : left) }
        _ = inBackground {
            client.write(up)
            client.finish()
        }
        let atServer = inBackground {
            let bytes = server.read(10 << 20)
            server.write(down)
            server.finish()
            return bytes
        }
        let atClient = inBackground { client.read(8 << 20) }
        io.turn(
            handler,
            until: { _ in
                handler.events.contains(.ended(left)) && handler.events.contains(.ended(right))
            }
        )
        #expect(atServer() == up)
        #expect(atClient() == down)
        #expect(handler.events.allSatisfy { if case .failed = $0 { false } else { true } })
    }

    @Test("a socket has one partner: a relay with a third ends those with the second, both ways")
    func partners() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (first, firstPeer) = try io.pair(handler)
        let (second, secondPeer) = try io.pair(handler)
        let (third, thirdPeer) = try io.pair(handler)
        io.relay(from: first, to: second, count: .max)
        io.relay(from: second, to: first, count: .max)
        // One way again, then the other: the link stands until both have ended.
        io.stopRelay(from: first)
        io.relay(from: first, to: second, count: .max)
        io.relay(from: third, to: first, count: .max)
        firstPeer.write("mine")
        secondPeer.write("yours")
        thirdPeer.write("theirs")
        io.turn(
            handler,
            until: { io in
                handler.text(first) == "mine" && handler.text(second) == "yours" && io.relayMoved(from: third) == 6
            }
        )
        #expect(firstPeer.readText(6) == "theirs")
        io.close(third)
        io.relay(from: second, to: first, count: .max)
        secondPeer.write("again")
        #expect(io.slots.find(first)?.pointee.source == second.index)
        io.turn(handler, until: { io in io.relayMoved(from: second) == 5 })
        #expect(firstPeer.readText(5) == "again")
    }

    @Test("nothing more is read from the source while anything waits for the target")
    func backPressure() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler, window: 4096)
        io.relay(from: from, to: to, count: .max)
        var sent = 0
        var quiet = 0
        while quiet < 5 {
            let count = source.fill(1 << 20)
            sent += count
            quiet = count == 0 ? quiet + 1 : 0
            io.settle(handler)
        }
        #expect(io.waiting(to) > 0)
        #expect(io.waiting(to) <= io.pipes.capacity)
        let moved = io.relayMoved(from: from)
        #expect(moved + UInt64(io.waiting(to)) < UInt64(sent))
        var drained = 0
        while drained < sent {
            drained += sink.drainNow()
            io.turn(handler, timeoutMilliseconds: 10)
        }
        io.turn(handler, until: { io in io.relayMoved(from: from) == UInt64(sent) })
        #expect(io.slots[to.index].pointee.pipe == -1)
    }

    @Test("stopping hands the source back, and what was taken still goes out", arguments: [false, true])
    func stopped(ownBytesBehind: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, to, sent, sink, source) = try io.stuffed(handler)
        let waiting = io.waiting(to)
        let moved = io.stopRelay(from: from)
        #expect(moved > 0)
        #expect(io.stopRelay(from: from) == 0)
        if ownBytesBehind { #expect(io.send(to, [7, 8, 9].span) == .waiting) }
        #expect(io.waiting(to) == waiting + (ownBytesBehind ? 3 : 0))
        let expected = Int(moved) + waiting
        let result = inBackground { sink.read(expected + (ownBytesBehind ? 3 : 0)) }
        io.turn(handler, until: { _ in handler.events.contains(.drained(to)) })
        let bytes = result() ?? []
        #expect(bytes.count == expected + (ownBytesBehind ? 3 : 0))
        #expect(bytes.prefix(expected).allSatisfy { $0 == 0x2E })
        if ownBytesBehind { #expect(Array(bytes.suffix(3)) == [7, 8, 9]) }
        io.turn(handler, until: { _ in (handler.input[from]?.count ?? 0) + expected == sent })
        source.close()
    }

    @Test("a pipe with bytes in it never goes back to the pool")
    func pipeWithBytes() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, to, _, _, _) = try io.stuffed(handler)
        let pipe = identity(io.pipes[io.slots[to.index].pointee.pipe].reader)
        #expect(openings(of: pipe) == 2)
        #expect(io.pipes.idle.isEmpty)
        io.close(to)
        #expect(io.pipes.idle.isEmpty)
        #expect(openings(of: pipe) == 0)
        io.close(from)
    }

    @Test("closing the source leaves what was taken to go out and gives the pipe back after it")
    func sourceClosed() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, to, _, sink, _) = try io.stuffed(handler)
        let expected = Int(io.relayMoved(from: from)) + io.waiting(to)
        io.close(from)
        io.shutdown(to)
        let result = inBackground { sink.read(expected + 1).count }
        io.turn(handler, until: { io in io.waiting(to) == 0 })
        #expect(result() == expected)
        #expect(io.pipes.idle.count == 1)
    }

    @Test("a relay whose source cannot be spliced copies")
    func unspliceable() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler)
        let total = 4 << 20
        io.slots[from.index].pointee.flags.insert(.unspliceable)
        io.relay(from: from, to: to, count: UInt64(total))
        let all = noise(total)
        _ = inBackground { source.write(all) }
        let result = inBackground { sink.read(total) }
        io.turn(handler, until: { _ in handler.events.contains(.relayed(from)) })
        #expect(result() == all)
        #expect(io.pipes.pipes.isEmpty)
    }

    @Test("a relay to a socket that is still connecting waits for it, and a count of nothing is through at once")
    func toConnecting() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let origin = try Origin()
        let (from, source) = try io.pair(handler)
        let to = try io.connect(.loopback(origin.port))
        io.relay(from: from, to: to, count: 4)
        source.write("abcd")
        io.turn(handler, until: { _ in handler.events.contains(.relayed(from)) })
        #expect(origin.accept().readText(4) == "abcd")
        io.relay(from: from, to: to, count: 0)
        io.turn(handler, until: { _ in handler.count(.relayed(from)) == 2 })
    }

    @Test("no more pipes are open than may be, and without any all is copied", arguments: [0, 1])
    func fewPipes(_ limit: Int) throws {
        var io = try ReactorIO.make()
        io.limitPipes(to: limit, size: 1 << 16)
        let handler = Recorder()
        let bytes = noise(4 << 20, seed: 5)
        var sinks: [Peer] = []
        for _ in 0..<3 {
            let (from, source) = try io.pair(handler)
            let (to, sink) = try io.pair(handler)
            io.relay(from: from, to: to, count: UInt64(bytes.count))
            sinks.append(sink)
            _ = inBackground { source.write(bytes) }
        }
        let read = sinks.map { sink in inBackground { sink.read(bytes.count) } }
        var most = 0
        io.turn(
            handler,
            until: { io in
                most = max(most, io.pipes.count)
                return handler.events.count { if case .relayed = $0 { true } else { false } } == 3
            }
        )
        for whole in read { #expect(whole() == bytes) }
        #expect(most == limit)
    }

    @Test("FIN in the middle of a bounded relay is told after what came before it")
    func cutShort() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler)
        io.relay(from: from, to: to, count: 1_000_000)
        source.write("short")
        source.finish()
        io.turn(handler, until: { _ in handler.events.last == .ended(from) })
        #expect(io.relayMoved(from: from) == 5)
        #expect(sink.readText(5) == "short")
        #expect(handler.count(.relayed(from)) == 0)
    }

    @Test("activity is stamped on both sides")
    func activity() throws {
        var io = try ReactorIO.make(clock: 1_000_000_000)
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler)
        io.relay(from: from, to: to, count: .max)
        io.manualClock = 1_000_500_000
        source.write("x")
        io.turn(handler, until: { io in io.relayMoved(from: from) == 1 })
        #expect(io.lastActivity(from) == 10_005)
        #expect(io.lastActivity(to) == 10_005)
        #expect(sink.readText(1) == "x")
    }
}

@Suite struct ShowingRelayTests {
    @Test(
        "a relay shows the first bytes that it moves, then goes on unseen",
        arguments: [(1, 1), (5000, 1), (3_000_000, 100_000), (3_000_000, 10_000_000)],
        [false, true]
    )
    func showing(sizes: (count: Int, wanted: Int), bounded: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        handler.wanted = sizes.wanted
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler, window: 16384)
        let all = noise(sizes.count, seed: 5)
        _ = inBackground {
            source.write(all)
            source.finish()
        }
        handler.onEnded = { token, io in if token == from { io.shutdown(to) } }
        let result = inBackground { sink.read(sizes.count + 1) }
        io.relay(from: from, to: to, count: bounded ? UInt64(sizes.count) : .max, showing: true)
        io.turn(handler, until: { _ in handler.events.contains(.ended(from)) })
        #expect(result() == all)
        let shown = handler.passing[from] ?? []
        #expect(shown.count >= min(sizes.count, sizes.wanted) && shown == Array(all.prefix(shown.count)))
        if sizes.wanted < sizes.count { #expect(shown.count < sizes.wanted + ReactorIO.inputCapacity) }
        #expect(handler.input[from] == nil)
        // What was to be seen was copied; the rest was not.
        if sizes.wanted >= sizes.count { #expect(io.pipes.pipes.isEmpty) }
        if sizes.wanted < sizes.count, sizes.count > 1 << 20, bounded { #expect(!io.pipes.pipes.isEmpty) }
    }

    @Test("kept bytes and those of the read that begins a relay are shown as well; the next relay is not")
    func kept() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        handler.wanted = 100
        let (from, source) = try io.pair(handler)
        let (to, sink) = try io.pair(handler)
        handler.onReceived = { token, _, io in
            io.relay(from: token, to: to, count: 6, showing: true)
            return 2
        }
        source.write("..four")
        io.settle(handler)
        io.pause(from)
        source.write("teen!?")
        io.settle(handler)
        io.resume(from)
        handler.onReceived = { token, _, io in
            io.relay(from: token, to: to, count: 2)
            return 0
        }
        io.turn(handler, until: { _ in handler.count(.relayed(from)) == 2 })
        #expect(handler.passing[from] == Array("fourte".utf8))
        #expect(sink.readText(8) == "fourteen")
    }
}

extension ReactorIO {
    /// A relay by splice whose target takes nothing more: source, target, how much was written, the peers.
    mutating func stuffed(_ handler: Recorder) throws -> (Token, Token, Int, Peer, Peer) {
        let (from, source) = try pair(handler)
        let (to, sink) = try pair(handler, window: 4096)
        relay(from: from, to: to, count: 1 << 40)
        var sent = 0
        var quiet = 0
        while quiet < 5 {
            let count = source.fill(1 << 20)
            sent += count
            quiet = count == 0 ? quiet + 1 : 0
            settle(handler)
        }
        let pipe = slots[to.index].pointee.pipe
        try #require(pipe >= 0 && pipes[pipe].bytes > 0)
        return (from, to, sent, sink, source)
    }
}
