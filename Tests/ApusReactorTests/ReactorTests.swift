import Testing

@testable import ApusReactor

@Suite struct ReactorTests {
    /// Echoes, and stops when the bell rings.
    final class Echo: ReactorHandler {
        func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {}
        func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
        func received(
            _ token: Token,
            tag: UInt64,
            _ bytes: Span<UInt8>,
            _ scratch: inout MutableSpan<UInt8>,
            _ io: inout ReactorIO
        )
            -> Int
        {
            io.send(token, scratch: 0..<0, input: 0..<bytes.count)
            return bytes.count
        }
        func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { io.close(token) }
        func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
        func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
        func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) { io.close(token) }
        func expired(_ timer: Timer, _ io: inout ReactorIO) {}
        func rang(_ io: inout ReactorIO) { io.stop() }
        func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {}
        func turned(_ io: inout ReactorIO) {}
    }

    @Test("a reactor lives on its own thread, serves, stops when told and closes what it holds")
    func lives() throws {
        let doorbell = try Waker()
        let listener = try Listener.bind(.loopback(0), reusePort: true)
        let port = listener.port
        let number = listener.release()
        let ended = inBackground {
            do {
                try runReactor(handler: Echo(), doorbell: doorbell) { io in
                    _ = io.addListener(Listener(adopting: number))
                }
                return true
            } catch {
                return false
            }
        }
        let peers = (0..<10).map { _ in Peer(port: port) }
        for peer in peers {
            peer.write("echo")
            #expect(peer.readText(4) == "echo")
        }
        doorbell.ring()
        #expect(ended() == true)
        for peer in peers { #expect(peer.readSome() == []) }
    }

    @Test("a slot is 72 bytes and a deadline 16, so that an idle tunnel holds 160 here")
    func slotSize() {
        #expect(MemoryLayout<Slot>.stride == 72)
        #expect(MemoryLayout<TimerNode>.stride == 16)
        #expect(MemoryLayout<Token>.size == 8)
    }
}
