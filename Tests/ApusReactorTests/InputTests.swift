import Testing

@testable import ApusReactor

@Suite struct InputTests {
    @Test("bytes are shown once and a short read is not followed by another")
    func shown() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        peer.write("hello")
        io.turn(handler, until: { _ in handler.text(token) == "hello" })
        peer.write(" world")
        io.turn(handler, until: { _ in handler.text(token) == "hello world" })
        #expect(handler.events == [.connected(token), .received(token, 5), .received(token, 6)])
    }

    @Test("what is not consumed is shown again in front of what comes")
    func kept() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        var shown: [String] = []
        handler.onReceived = { _, bytes, _ in
            shown.append(String(decoding: bytes, as: UTF8.self))
            return shown.count < 3 ? shown.count - 1 : bytes.count
        }
        for (round, text) in ["ab", "cd", "ef"].enumerated() {
            peer.write(text)
            io.turn(handler, until: { _ in shown.count == round + 1 })
        }
        #expect(shown == ["ab", "abcd", "bcdef"])
        #expect(io.slots[token.index].pointee.kept == nil)
    }

    @Test("input that has come and was not shown can be asked for, an end too")
    func unseen() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.settle(handler)
        var answers = [io.hasUnseenInput(token)]
        io.pause(token)
        peer.write("unread")
        io.settle(handler)
        answers.append(io.hasUnseenInput(token))
        handler.onReceived = { _, _, _ in 2 }
        io.resume(token)
        io.turn(handler, until: { _ in handler.events.last == .received(token, 6) })
        answers.append(io.hasUnseenInput(token))
        handler.onReceived = { _, _, _ in nil }
        peer.write("!")
        io.turn(handler, until: { _ in handler.events.last == .received(token, 5) })
        answers.append(io.hasUnseenInput(token))
        io.pause(token)
        peer.finish()
        io.settle(handler)
        answers.append(io.hasUnseenInput(token))
        io.close(token)
        answers.append(io.hasUnseenInput(token))
        #expect(answers == [false, true, true, false, true, true])
    }

    @Test("what came behind a bounded relay is unseen when it ends")
    func unseenBehindRelay() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source) = try io.pair(handler)
        let (to, target) = try io.pair(handler)
        var unseen: [Bool] = []
        handler.onRelayed = { token, io in
            unseen.append(io.hasUnseenInput(token))
            io.pause(token)
        }
        for extra in ["", "extra"] {
            io.resume(from)
            io.relay(from: from, to: to, count: 5)
            source.write("bytes" + extra)
            io.turn(handler, until: { _ in handler.events.last == .relayed(from) })
            #expect(target.readText(5) == "bytes")
            handler.events = []
        }
        #expect(unseen == [false, true])
    }

    @Test("kept bytes survive any split of consumed and new, over several blocks")
    func keptSplits() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        let all = noise(200_000)
        var step = 0
        handler.onReceived = { _, bytes, _ in
            step += 1
            return bytes.count < 60_000 ? min(bytes.count, step * 7 % 41) : bytes.count / 3
        }
        var sent = 0
        while sent < all.count {
            let count = min(1 + sent % 3001, all.count - sent)
            peer.write(Array(all[sent..<sent + count]))
            sent += count
            io.settle(handler)
        }
        handler.onReceived = { _, _, _ in nil }
        peer.write([1])
        io.turn(handler, until: { _ in handler.input[token]?.count == all.count + 1 })
        #expect(handler.input[token] == all + [1])
    }

    @Test("nothing is read or shown while paused, and resume shows kept bytes first, not from inside the call")
    func paused() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        handler.onReceived = { token, bytes, io in
            io.pause(token)
            return min(2, bytes.count)
        }
        peer.write("aabb")
        io.turn(handler, until: { _ in handler.text(token) == "aa" })
        peer.write("cc")
        peer.finish()
        io.settle(handler)
        #expect(handler.events.last == .received(token, 4))
        io.resume(token)
        #expect(handler.events.last == .received(token, 4))
        io.settle(handler)
        #expect(handler.events.last == .received(token, 2))
        handler.onReceived = { _, _, _ in nil }
        io.resume(token)
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(handler.text(token) == "aabbcc")
    }

    @Test("a pause and resume inside received shows the rest again in a later step")
    func resumedInside() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        var depth = 0
        handler.onReceived = { token, _, io in
            depth += 1
            #expect(depth == 1)
            io.pause(token)
            io.resume(token)
            depth -= 1
            return 1
        }
        peer.write("abc")
        io.settle(handler)
        io.turn(handler, until: { _ in handler.text(token) == "abc" })
        #expect(handler.events.suffix(3) == [.received(token, 3), .received(token, 2), .received(token, 1)])
    }

    @Test("FIN is told after the bytes before it, also after bytes that are not consumed")
    func endAfterKept() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        handler.onReceived = { _, _, _ in 0 }
        peer.write("part")
        peer.finish()
        io.turn(handler, until: { _ in handler.events.contains(.ended(token)) })
        #expect(handler.events == [.connected(token), .received(token, 4), .ended(token)])
        #expect(io.send(token, [1].span) == .sent)
        #expect(peer.read(1) == [1])
    }

    @Test("what has come in the same turn is known before its event is served")
    func sameTurn() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (first, firstPeer) = try io.pair(handler)
        let (second, secondPeer) = try io.pair(handler)
        io.settle(handler)
        var unseen: [Bool] = []
        handler.onReceived = { token, _, io in
            unseen.append(io.hasUnseenInput(token == first ? second : first))
            return nil
        }
        firstPeer.write("a")
        secondPeer.write("b")
        io.turn(handler, until: { _ in unseen.count == 2 })
        #expect(unseen == [true, false])
    }

    @Test("more than 128 KiB left unconsumed fails the socket")
    func keptTooLarge() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        handler.onReceived = { _, _, _ in 0 }
        var sent = 0
        while sent < 2 * ReactorIO.inputCapacity, !handler.events.contains(.failed(token, .keptTooLarge)) {
            sent += peer.fill(16_384)
            io.settle(handler)
        }
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .keptTooLarge) })
        #expect(sent > ReactorIO.inputCapacity)
    }

    @Test("a busy socket lets others have their turn, and is read on without a new event")
    func fairness() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (busy, peer) = try io.pair(handler)
        let (other, second) = try io.pair(handler)
        io.pause(busy)
        let total = peer.fill(8 << 20)
        try #require(total > 5 * ReactorIO.inputCapacity)
        io.settle(handler)
        second.write("x")
        io.resume(busy)
        io.turn(handler, until: { _ in handler.input[busy]?.count == total && handler.text(other) == "x" })
        let reads = handler.events.prefix { $0 != .received(other, 1) }.count {
            if case .received(busy, _) = $0 { true } else { false }
        }
        #expect(reads <= ReactorIO.readsPerTurn)
    }

    @Test("bytes behind urgent data do not stall")
    func urgent() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.pause(token)
        peer.write("before")
        peer.urgent(0x21)
        peer.write("after")
        io.settle(handler)
        io.resume(token)
        io.turn(handler, until: { _ in handler.text(token) == "beforeafter" })
    }

    @Test("discard drops what is kept and what comes until FIN")
    func discarded() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        handler.onReceived = { token, _, io in
            io.discard(token, limit: 100_000)
            return 0
        }
        peer.write("kept")
        io.settle(handler)
        // What it was shown the handler counts itself.
        #expect(io.discarded(token) == 0)
        peer.write(noise(50_000))
        peer.finish()
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(io.discarded(token) == 50_000)
        #expect(handler.events == [.connected(token), .received(token, 4), .ended(token)])
        #expect(io.slots[token.index].pointee.kept == nil)
    }

    @Test("what was kept counts as discarded where the handler is not shown it at that moment")
    func discardedKept() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        handler.onReceived = { _, _, _ in 1 }
        peer.write("kept")
        io.turn(handler, until: { _ in handler.events.contains(.received(token, 4)) })
        #expect(io.discarded(token) == 0)
        io.discard(token, limit: 100_000)
        #expect(io.discarded(token) == 3)
        peer.write("more")
        peer.finish()
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(io.discarded(token) == 7)
    }

    @Test("discard fails beyond its limit")
    func discardedTooMuch() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        io.discard(token, limit: 10)
        peer.write("0123456789")
        io.settle(handler)
        #expect(handler.events.last == .connected(token))
        peer.write("!")
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .discardLimit) })
    }

    @Test("a socket closed inside received is left alone, though bytes remain and its slot is taken again")
    func closedInside() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        let origin = try Origin()
        var next = Token.none
        handler.onReceived = { token, _, io in
            io.close(token)
            next = (try? io.connect(.loopback(origin.port))) ?? .none
            return 0
        }
        peer.write("x")
        io.turn(handler, until: { _ in handler.events.contains(.connected(next)) })
        #expect(next.index == token.index)
        #expect(next.generation != token.generation)
        let server = origin.accept()
        handler.onReceived = { _, _, _ in nil }
        server.write("fresh")
        io.turn(handler, until: { _ in handler.text(next) == "fresh" })
    }
}
