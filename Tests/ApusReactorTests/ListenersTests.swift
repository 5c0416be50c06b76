import Glibc
import Testing

@testable import ApusReactor

@Suite struct ListenersTests {
    func listening(_ io: inout ReactorIO, reusePort: Bool = false) throws -> (Int, UInt16) {
        let listener = try Listener.bind(.loopback(0), reusePort: reusePort, backlog: 200)
        let port = listener.port
        return (io.addListener(listener), port)
    }

    @Test("a client is accepted with its address, without Nagle's delay, and not inheritable")
    func accepted() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (_, port) = try listening(&io)
        let peer = Peer(port: port)
        io.turn(handler, until: { _ in handler.tokens.count == 1 })
        var raw = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &raw) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(peer.number, $0, &length) }
        }
        #expect(handler.peers == [.loopback(UInt16(bigEndian: raw.sin_port))])
        let number = io.slots[handler.tokens[0].index].pointee.descriptor
        var on: Int32 = 0
        length = 4
        getsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, &length)
        #expect(on != 0)
        #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        #expect(fcntl(number, F_GETFL) & O_NONBLOCK != 0)
    }

    @Test("an IPv6 client is accepted, beside an IPv4 listener on the same port")
    func v6() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let listener = try Listener.bind(SocketAddress(high: 0, low: 1, port: 0), reusePort: false)
        let bound = listener.boundAddress
        let address = try #require(bound)
        #expect(address.isV6 && address.low == 1 && address.high == 0)
        _ = io.addListener(listener)
        let client = try io.connect(address)
        io.turn(handler, until: { _ in handler.tokens.count == 1 && handler.events.contains(.connected(client)) })
        #expect(handler.peers[0].isV6 && handler.peers[0].low == 1)
    }

    @Test("a lone client costs one accept; a queue is taken in growing bursts")
    func bursts() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (_, port) = try listening(&io)
        for round in 1...3 {
            let peer = Peer(port: port)
            io.turn(handler, until: { _ in handler.tokens.count == round })
            peer.close()
            io.settle(handler)
        }
        #expect(io.listeners.acceptCalls == 3)
        let peers = (0..<100).map { _ in Peer(port: port) }
        let turns = io.turns
        io.turn(handler, until: { _ in handler.tokens.count == 103 })
        #expect(io.turns - turns <= 8)
        #expect(io.listeners.acceptCalls <= 105)
        withExtendedLifetime(peers) {}
    }

    @Test("a paused listener accepts nobody until it is resumed")
    func paused() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (listener, port) = try listening(&io)
        io.pauseListener(listener)
        let peer = Peer(port: port)
        io.settle(handler)
        #expect(handler.tokens.isEmpty && io.listeners.acceptCalls == 0)
        io.resumeListener(listener)
        io.turn(handler, until: { _ in handler.tokens.count == 1 })
        withExtendedLifetime(peer) {}
    }

    @Test("closing a listener hands over the clients that wait, and resets none")
    func closed() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (listener, port) = try listening(&io)
        let peers = (0..<20).map { _ in Peer(port: port) }
        io.closeListener(listener)
        io.closeListener(listener)
        io.pauseListener(listener)
        io.settle(handler)
        #expect(handler.tokens.count == 20)
        #expect(socketsBound(to: port) == 20)
        for (token, peer) in zip(handler.tokens, peers) {
            #expect(io.send(token, [1].span) == .sent)
            #expect(peer.read(1) == [1])
        }
    }

    @Test("without descriptors the handler hears once, nothing spins, and it recovers after a while")
    func exhausted() throws {
        var io = try ReactorIO.make(clock: 10_000_000)
        let handler = Recorder()
        let (listener, port) = try listening(&io)
        io.listeners.failAccepts(with: EMFILE)
        let peer = Peer(port: port)
        io.turn(handler, until: { _ in handler.events == [.exhausted(listener, .descriptorsExhausted)] })
        let calls = io.listeners.acceptCalls
        for _ in 0..<50 { io.turn(handler, timeoutMilliseconds: 0) }
        #expect(io.listeners.acceptCalls == calls)
        for second in 1...5 {
            io.manualClock = 10_000_000 + UInt64(second) * 1_100_000
            for _ in 0..<10 { io.turn(handler, timeoutMilliseconds: 0) }
        }
        #expect(io.listeners.acceptCalls == calls + 5)
        #expect(handler.events.count == 1)
        io.listeners.failAccepts(with: 0)
        io.manualClock = 20_000_000
        io.turn(handler, until: { _ in handler.tokens.count == 1 })
        io.listeners.failAccepts(with: ENFILE)
        let second = Peer(port: port)
        io.turn(handler, until: { _ in handler.events.last == .exhausted(listener, .systemDescriptorsExhausted) })
        withExtendedLifetime((peer, second)) {}
    }

    @Test("a closed socket wakes a listener that sleeps for want of descriptors")
    func wokenByClose() throws {
        var io = try ReactorIO.make(clock: 10_000_000)
        let handler = Recorder()
        let (_, port) = try listening(&io)
        let first = Peer(port: port)
        io.turn(handler, until: { _ in handler.tokens.count == 1 })
        io.listeners.failAccepts(with: EMFILE)
        let second = Peer(port: port)
        io.turn(handler, until: { _ in handler.events.count == 2 })
        io.listeners.failAccepts(with: 0)
        io.close(handler.tokens[0])
        io.turn(handler, until: { _ in handler.tokens.count == 2 })
        #expect(io.now == 10_000_000)
        withExtendedLifetime((first, second)) {}
    }

    @Test("idle pipes are closed before a client is left waiting for a descriptor")
    func pipesGivenUp() throws {
        var io = try ReactorIO.make(clock: 10_000_000)
        let handler = Recorder()
        let (listener, port) = try listening(&io)
        let taken = io.pipes.take()
        let pipe = try #require(taken)
        io.pipes.give(pipe)
        io.listeners.failAccepts(with: EMFILE)
        let peer = Peer(port: port)
        io.turn(handler, until: { _ in handler.events == [.exhausted(listener, .descriptorsExhausted)] })
        #expect(io.listeners.acceptCalls == 2)
        #expect(io.pipes.idle.isEmpty)
        withExtendedLifetime(peer) {}
    }

    @Test("a client above the ceiling of descriptors is closed at once, counted and told of once; below it all goes on")
    func ceiling() throws {
        var io = try ReactorIO.make(clock: 10_000_000)
        let handler = Recorder()
        let (listener, port) = try listening(&io)
        io.limitDescriptors(below: 3)
        let first = Peer(port: port)
        io.turn(handler, until: { _ in handler.events == [.exhausted(listener, .descriptorsExhausted)] })
        #expect(first.read(1) == [])
        #expect(io.turnedAway == 1 && io.openSockets == 0)
        #expect(throws: SocketError.descriptorsExhausted) {
            _ = try io.connect(SocketAddress(v4: 0x7f00_0001, port: port))
        }
        let pipe = io.pipes.take()
        #expect(pipe == nil && io.pipes.count == 0)
        #expect(io.turnedAway == 2)
        io.limitDescriptors(below: .max)
        io.manualClock = 20_000_000
        let second = Peer(port: port)
        io.turn(handler, until: { _ in handler.tokens.count == 1 })
        #expect(io.turnedAway == 2 && handler.events.count == 2)
        withExtendedLifetime((first, second)) {}
    }

    @Test("a client that was gone before it was accepted is passed over")
    func aborted() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (_, port) = try listening(&io)
        io.listeners.failAccepts(with: ECONNABORTED)
        let peer = Peer(port: port)
        io.turn(handler, timeoutMilliseconds: 1000)
        #expect(handler.events.isEmpty)
        io.listeners.failAccepts(with: 0)
        io.turn(handler, until: { _ in handler.tokens.count == 1 })
        withExtendedLifetime(peer) {}
    }

    @Test("a busy address is found out by the probe, also where the port may be shared")
    func probe() throws {
        for shared in [false, true] {
            let listener = try Listener.bind(.loopback(0), reusePort: shared)
            let bound = listener.boundAddress
            let address = try #require(bound)
            #expect(throws: SocketError.addressInUse) { try Listener.probe(address) }
            if shared {
                let second = try Listener.bind(address, reusePort: true)
                #expect(second.boundAddress == address)
            } else {
                #expect(throws: SocketError.addressInUse) { _ = try Listener.bind(address, reusePort: true) }
            }
        }
        try Listener.probe(.loopback(0))
    }
}
