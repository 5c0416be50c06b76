import Glibc
import Testing

@testable import ApusReactor

@Suite struct SocketsTests {
    @Test("connected comes exactly once", arguments: [false, true])
    func connectedOnce(early: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let origin = try Origin()
        let token = try io.connect(.loopback(origin.port))
        if early { #expect(io.send(token, [0x61].span) == .sent) }
        io.turn(handler, until: { _ in handler.events.contains(.connected(token)) })
        io.settle(handler)
        #expect(handler.events == [.connected(token)])
        #expect(io.send(token, [0x62].span) == .sent)
        let server = origin.accept()
        #expect(server.readText(early ? 2 : 1) == (early ? "ab" : "b"))
        var on: Int32 = 0
        var length: socklen_t = 4
        getsockopt(io.slots[token.index].pointee.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, &length)
        #expect(on != 0)
    }

    @Test("what is sent, shut and relayed during the handshake follows it in order")
    func duringHandshake() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let origin = try Origin()
        let token = try io.connect(.loopback(origin.port))
        // As though the first optimistic send had met a handshake under way.
        io.slots[token.index].pointee.flags.insert(.attempted)
        #expect(io.send(token, Array("one ".utf8).span) == .waiting)
        #expect(io.send(token, Array("two".utf8).span) == .waiting)
        #expect(io.waiting(token) == 7)
        io.shutdown(token)
        let server = origin.accept()
        io.turn(handler, until: { _ in handler.events == [.connected(token), .drained(token)] })
        #expect(server.readText(8) == "one two")
    }

    @Test("a shutdown during the handshake sends FIN after it")
    func shutDuringHandshake() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let origin = try Origin()
        let token = try io.connect(.loopback(origin.port))
        io.shutdown(token)
        io.turn(handler, until: { _ in handler.events == [.connected(token)] })
        #expect(origin.accept().readSome() == [])
    }

    @Test("a tag comes with each event of its socket, and is gone with it")
    func tagged() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer) = try io.pair(handler)
        #expect(handler.tags[token] == 0)
        #expect(io.tag(of: token) == 0)
        io.setTag(token, UInt64.max - 1)
        #expect(io.tag(of: token) == UInt64.max - 1)
        peer.write("a")
        io.turn(handler, until: { _ in handler.text(token) == "a" })
        #expect(handler.tags[token] == UInt64.max - 1)
        // Another one in the middle of an event is that of the next.
        handler.onReceived = { token, bytes, io in
            io.setTag(token, 7)
            return bytes.count
        }
        peer.write("b")
        io.turn(handler, until: { _ in handler.text(token) == "ab" })
        #expect(handler.tags[token] == UInt64.max - 1)
        peer.write("c")
        io.turn(handler, until: { _ in handler.text(token) == "abc" })
        #expect(handler.tags[token] == 7)
        io.close(token)
        #expect(io.tag(of: token) == 0)
        io.setTag(token, 8)
        let (next, _) = try io.pair(handler)
        #expect(next.index == token.index)
        #expect(io.tag(of: next) == 0)
        #expect(handler.tags[next] == 0)
    }

    @Test("every call with a stale token does nothing")
    func stale() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (old, _) = try io.pair(handler)
        io.close(old)
        let (fresh, peer) = try io.pair(handler)
        #expect(fresh.index == old.index)
        #expect(io.send(old, [1].span) == .stale)
        #expect(io.send(old, scratch: 0..<1, input: 0..<0) == .stale)
        #expect(io.withScratch(sendingTo: old) { _ in 1 } == .stale)
        io.relay(from: old, to: fresh, count: .max)
        io.relay(from: fresh, to: old, count: .max)
        io.relay(from: fresh, to: fresh, count: .max)
        #expect(io.stopRelay(from: old) == 0)
        #expect(io.relayMoved(from: old) == 0)
        io.pause(old)
        io.resume(old)
        io.shutdown(old)
        io.discard(old, limit: 0)
        io.reset(old)
        io.close(old)
        io.close(.none)
        #expect(io.tag(of: old) == 0)
        #expect(io.lastActivity(old) == 0)
        #expect(io.waiting(old) == 0)
        peer.write("alive")
        io.turn(handler, until: { _ in handler.text(fresh) == "alive" })
        #expect(io.openSockets == 1)
    }

    @Test("events of a socket closed earlier in the batch are dropped")
    func closedInBatch() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        var all: [(Token, Peer)] = []
        for _ in 0..<20 { all.append(try io.pair(handler)) }
        handler.events = []
        handler.onReceived = { token, _, io in
            for (other, _) in all where other != token { io.close(other) }
            return nil
        }
        for (_, peer) in all { peer.write("x") }
        io.settle(handler)
        #expect(handler.events.count == 1)
        #expect(io.openSockets == 1)
    }

    @Test("thousands of connections leave no descriptor, no slot, and one deadline in each place that was used")
    func churn() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let listener = try Listener.bind(.loopback(0), reusePort: true)
        let port = listener.port
        _ = io.addListener(listener)
        handler.onAccepted = { token, io in io.arm(Timer(kind: 0, token), ticks: 100) }
        handler.onReceived = { token, bytes, io in
            io.send(token, bytes.span)
            return nil
        }
        handler.onEnded = { token, io in io.close(token) }
        handler.onFailed = { token, _, io in io.close(token) }
        for round in 0..<100 {
            let clients = (0..<30).map { _ in Peer(port: port) }
            for client in clients { client.write("ping") }
            io.turn(handler, until: { _ in handler.input.values.count { $0.count == 4 } == 30 })
            for (place, client) in clients.enumerated() {
                if (place + round) % 3 == 0 { client.reset() } else { client.close() }
            }
            io.turn(handler, until: { io in io.openSockets == 0 })
            handler.events = []
            handler.input = [:]
        }
        #expect(handler.tokens.count == 3000)
        #expect(socketsBound(to: port) == 1)
        // Thirty at a time and the listener's own: the slots are used again.
        #expect(io.slots.capacity < 64)
        // What is left in the wheel is told once, with serials that are nobody's.
        io.manualClock = io.now + 20_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        let late = handler.events.compactMap { if case .expired(let timer) = $0 { timer } else { nil } }
        #expect(late.count <= io.slots.capacity && Set(late.map(\.index)).count == late.count)
        #expect(late.allSatisfy { io.slots.find($0.token) == nil })
        #expect(io.wheel.nextOccupied() == nil)
    }
}
