import Glibc
import Testing

@testable import ApusReactor

/// Which ends of a relay are sealed.
struct SealedEnds: CustomTestStringConvertible, Sendable {
    let source: Bool
    let target: Bool
    var testDescription: String { source ? (target ? "both" : "the source") : "the target" }

    static let all = [
        SealedEnds(source: true, target: false), SealedEnds(source: false, target: true),
        SealedEnds(source: true, target: true),
    ]
}

@Suite struct SealRelayTests {
    /// Two sockets, each with its peer; what is to be sealed is.
    private func ends(
        _ io: inout ReactorIO,
        _ handler: Recorder,
        _ sealed: SealedEnds,
        end: EndRule = .strict,
        window: Int32? = nil
    ) throws -> (from: Token, source: End, to: Token, sink: End) {
        let from: Token
        let source: End
        if sealed.source {
            let (token, peer, _) = try io.securedPair(handler, end: end, window: window)
            (from, source) = (token, .sealed(peer))
        } else {
            let (token, peer) = try io.pair(handler, window: window)
            if window != nil { io.narrow(token, peer) }
            (from, source) = (token, .plain(peer))
        }
        // The target is as one that was dialled: its own side speaks first.
        if sealed.target {
            let (token, peer, _) = try io.securedPair(handler, speaksFirst: true, end: end, window: window)
            return (from, source, token, .sealed(peer))
        }
        let (token, peer) = try io.pair(handler, window: window)
        if window != nil { io.narrow(token, peer) }
        return (from, source, token, .plain(peer))
    }

    @Test(
        "a tunnel moves every byte both ways under any cuts, each way ends by itself, and the counts are of clear bytes",
        arguments: SealedEnds.all
    )
    func tunnel(sealed: SealedEnds) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (left, client, right, server) = try ends(&io, handler, sealed, window: 8192)
        let up = noise(700_000, seed: 21)
        let down = noise(500_000, seed: 22)
        client.cut([1, 40_000, 3, 16_390, 7, 200, 2])
        server.cut([65_000, 5, 1, 1, 9000])
        io.relay(from: left, to: right, count: .max)
        io.relay(from: right, to: left, count: .max)
        var moved: [Token: UInt64] = [:]
        handler.onEnded = { token, io in
            let other = token == left ? right : left
            #expect(io.waiting(other) == 0)
            moved[token] = io.relayMoved(from: token)
            io.shutdown(other)
        }
        _ = inBackground {
            client.write(up)
            client.finish()
        }
        let atServer = inBackground {
            let bytes = server.readToEnd()
            server.write(down)
            server.finish()
            return bytes
        }
        let atClient = inBackground { client.readToEnd() }
        io.turn(handler, until: { _ in moved.count == 2 })
        #expect(atServer() == up)
        #expect(atClient() == down)
        #expect(moved == [left: UInt64(up.count), right: UInt64(down.count)])
        #expect(client.isFinished && server.isFinished)
        #expect(handler.input[left] == nil && handler.input[right] == nil)
        // Nothing was spliced, though it was long.
        #expect(io.pipes.pipes.isEmpty)
        #expect(handler.events.allSatisfy { if case .failed = $0 { false } else { true } })
    }

    @Test(
        "a bounded relay takes its count of clear bytes and not one more",
        arguments: SealedEnds.all,
        [1, 16_384, 300_001]
    )
    func bounded(sealed: SealedEnds, count: Int) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source, to, sink) = try ends(&io, handler, sealed, window: 8192)
        let all = noise(count + 5000, seed: 3)
        source.cut([7000, 1, 33_000])
        _ = inBackground {
            source.write(all)
            source.finish()
        }
        let result = inBackground { sink.readToEnd() }
        handler.onRelayed = { token, io in
            #expect(io.waiting(to) == 0)
            io.shutdown(to)
        }
        io.relay(from: from, to: to, count: UInt64(count))
        io.turn(handler, until: { _ in handler.events.contains(.ended(from)) })
        #expect(handler.count(.relayed(from)) == 1)
        #expect(result() == Array(all[..<count]))
        #expect(handler.input[from] == Array(all[count...]))
    }

    @Test(
        "nothing more is read or sealed while anything waits for the target, and all of it is counted in the end",
        arguments: SealedEnds.all
    )
    func backPressure(sealed: SealedEnds) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, source, to, sink) = try ends(&io, handler, sealed, window: 4096)
        io.relay(from: from, to: to, count: .max)
        let all = noise(1 << 20, seed: 8)
        let isWritten = Flag()
        _ = inBackground {
            source.write(all)
            isWritten.raise()
        }
        io.turn(handler, until: { io in io.waiting(to) > 0 })
        io.settle(handler)
        let waiting = io.waiting(to)
        let moved = io.relayMoved(from: from)
        #expect(waiting <= ReactorIO.inputCapacity + 1024)
        #expect(moved + UInt64(waiting) < UInt64(all.count))
        io.settle(handler)
        #expect(io.waiting(to) == waiting && io.relayMoved(from: from) == moved)
        #expect(!isWritten.isRaised)
        // What waits is counted as it goes out: never more than was moved, and no byte less once all has gone.
        let result = inBackground { sink.read(all.count) }
        io.turn(handler, until: { io in io.relayMoved(from: from) == UInt64(all.count) })
        #expect(result() == all)
        #expect(io.relayMoved(from: from) == UInt64(all.count))
    }

    @Test(
        "a reset of the target is told and nothing waits for it; a reset of the source comes after its bytes",
        arguments: SealedEnds.all
    )
    func resets(sealed: SealedEnds) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        var (from, source, to, sink) = try ends(&io, handler, sealed)
        io.relay(from: from, to: to, count: .max)
        source.write(Array("tail".utf8))
        io.turn(handler, until: { io in io.relayMoved(from: from) == 4 })
        source.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(from, .connectionReset) })
        #expect(sink.read(4) == Array("tail".utf8))
        io.close(from)
        #expect(io.send(to, [0x21].span) == .sent)
        #expect(sink.read(1) == [0x21])
        io.close(to)

        (from, source, to, sink) = try ends(&io, handler, sealed, window: 4096)
        io.relay(from: from, to: to, count: .max)
        let writer = source
        let wrote = inBackground { writer.write(noise(1 << 20)) }
        io.turn(handler, until: { io in io.waiting(to) > 0 })
        let moved = io.relayMoved(from: from)
        sink.reset()
        io.turn(handler, until: { _ in handler.events.last == .failed(to, .connectionReset) })
        #expect(io.waiting(to) == 0)
        // What waited never left, and was not moved.
        #expect(io.relayMoved(from: from) >= moved && io.relayMoved(from: from) < 1 << 20)
        io.close(to)
        io.reset(from)
        _ = wrote()
    }

    @Test(
        "an end that is not announced cuts a relay short where the rule is strict, after all bytes",
        arguments: [EndRule.strict, .lenient]
    )
    func truncated(end: EndRule) throws {
        for target in [false, true] {
            var io = try ReactorIO.make()
            let handler = Recorder()
            let (from, source, to, sink) = try ends(&io, handler, SealedEnds(source: true, target: target), end: end)
            io.relay(from: from, to: to, count: .max)
            source.write(noise(50_000))
            source.finishUnannounced()
            let last = end == .strict ? Recorder.Event.failed(from, .truncated) : .ended(from)
            io.turn(handler, until: { _ in handler.events.last == last })
            #expect(io.relayMoved(from: from) == 50_000)
            #expect(sink.read(50_000) == noise(50_000))
        }
    }

    @Test("a seal that breaks ends a relay after what was opened before")
    func broken() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, peer, _) = try io.securedPair(handler)
        let (to, sink) = try io.pair(handler)
        io.relay(from: from, to: to, count: .max)
        peer.writeRaw(peer.sealed(Array("good".utf8)) + [1, 2, 3, 4])
        io.turn(handler, until: { _ in handler.events.last == .failed(from, .sealBroken) })
        #expect(io.relayMoved(from: from) == 4)
        #expect(sink.readText(4) == "good")
        #expect(peer.peer.read(FrameSeal.head).first == FrameSeal.Kind.alert.rawValue)
    }

    @Test("relays that are begun before the handshakes are through begin with them, both ways, and read nothing before")
    func begunEarly() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (left, client, _) = try io.sealedPair(handler)
        let (right, server, _) = try io.sealedPair(handler, speaksFirst: true)
        io.relay(from: left, to: right, count: .max)
        io.relay(from: right, to: left, count: .max)
        let ends = Sending((client, server))
        let first = inBackground {
            ends.value.0.shakeHands()
            ends.value.0.write("up")
        }
        // The client is through and has sent; the server has not begun.
        io.turn(handler, until: { _ in handler.events.contains(.secured(left)) })
        _ = first()
        io.settle(handler)
        #expect(io.relayMoved(from: left) == 0 && io.waiting(right) == 0)
        let second = inBackground {
            ends.value.1.shakeHands()
            let read = ends.value.1.readText(2)
            ends.value.1.write("down")
            return read
        }
        io.turn(handler, until: { io in io.relayMoved(from: left) == 2 && io.relayMoved(from: right) == 4 })
        #expect(second() == "up")
        #expect(client.readText(4) == "down")
    }

    @Test("sealed bytes that received leaves are opened, not relayed, though a relay is begun behind the seal")
    func begunWithSeal() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, raw) = try io.pair(handler)
        let (to, sink) = try io.pair(handler)
        let peer = SealedPeer(raw, speaksFirst: true)
        handler.onReceived = { token, _, io in
            io.secure(token, with: FrameSeal(speaksFirst: false), end: .strict)
            io.relay(from: token, to: to, count: .max)
            return 4
        }
        raw.write(Array("HEAD".utf8) + peer.opening([]))
        let box = Sending(peer)
        _ = inBackground {
            box.value.shakeHands()
            box.value.write("clear")
        }
        io.turn(handler, until: { io in io.relayMoved(from: from) == 5 })
        #expect(sink.readText(5) == "clear")
    }

    @Test("what comes behind a break is not opened, though the target takes nothing yet and the break is not told")
    func brokenBehindWaiting() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (from, peer, seal) = try io.securedPair(handler)
        let (to, sink) = try io.pair(handler, window: 4096)
        io.narrow(to, sink)
        let before = noise(500_000)
        #expect(io.send(to, before.span) == .waiting)
        handler.onReceived = { token, bytes, io in
            io.relay(from: token, to: to, count: .max)
            return 0
        }
        peer.writeRaw(peer.sealed(Array("good".utf8)) + [1, 2, 3, 4])
        io.turn(handler, until: { io in io.slots[from.index].pointee.flags.contains(.failing) })
        let opened = seal.opened
        peer.peer.write("more of it")
        io.settle(handler)
        #expect(!handler.events.contains(.failed(from, .sealBroken)))
        let result = inBackground { sink.read(before.count + 4) }
        io.turn(handler, until: { _ in handler.events.last == .failed(from, .sealBroken) })
        #expect(result() == before + Array("good".utf8))
        #expect(seal.opened == opened)
    }

    @Test("clear bytes left by received go first into a relay, and a seal ends the relays that there were")
    func fromReceived() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        handler.wanted = 9
        let (from, peer, _) = try io.securedPair(handler)
        let (to, sink) = try io.pair(handler)
        handler.onReceived = { token, _, io in
            io.relay(from: token, to: to, count: .max, showing: true)
            return 2
        }
        peer.write("..moved ")
        io.turn(handler, until: { io in io.relayMoved(from: from) == 6 })
        peer.write("on and on")
        io.turn(handler, until: { io in io.relayMoved(from: from) == 15 })
        #expect(sink.readText(15) == "moved on and on")
        #expect(handler.passing[from] == Array("moved on and on".utf8))
        let isSealed = io.secure(to, with: FrameSeal(speaksFirst: true), end: .strict)
        #expect(isSealed && io.relayMoved(from: from) == 0)
        let other = SealedPeer(sink, speaksFirst: false)
        let box = Sending(other)
        let isThrough = inBackground { box.value.shakeHands() }
        io.turn(handler, until: { _ in handler.events.contains(.secured(to)) })
        #expect(isThrough() == true)
        peer.write("..again")
        io.turn(handler, until: { io in io.relayMoved(from: from) == 5 })
        #expect(other.readText(5) == "again")
    }
}
