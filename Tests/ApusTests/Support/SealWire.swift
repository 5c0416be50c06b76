import ApusReactor

/// What stands beside a peer that speaks plain, and seals for it: the other end of the seals that a proxy has.
final class SealWire: Sendable {
    enum Place: Sendable {
        /// Beside a client: what it accepts is plain, what it dials is sealed.
        case client
        /// Beside an origin: what it accepts is sealed, what it dials is plain.
        case origin
    }

    /// Where it listens, on 127.0.0.1.
    let port: UInt16
    private let doorbell: Waker

    init(_ place: Place, to target: UInt16) throws {
        let doorbell = try Waker()
        self.doorbell = doorbell
        let listener = try Listener.bind(SocketAddress(v4: 0x7F00_0001, port: 0), reusePort: false)
        guard let address = listener.boundAddress else { throw SocketError.addressUnavailable }
        port = address.port
        let number = listener.release()
        try ReactorThread.start(name: "wire") {
            try? runReactor(handler: WireHandler(place, to: target), doorbell: doorbell) { io in
                _ = io.addListener(Listener(adopting: number))
            }
        }
    }

    deinit { doorbell.ring() }
}

private final class WireHandler: ReactorHandler {
    private let place: SealWire.Place
    private let target: SocketAddress
    private var partners: [Token: Token] = [:]
    private var ended: Set<Token> = []

    init(_ place: SealWire.Place, to target: UInt16) {
        self.place = place
        self.target = SocketAddress(v4: 0x7F00_0001, port: target)
    }

    func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {
        guard let other = try? io.connect(target) else { return io.reset(token) }
        switch place {
        case .client: io.secure(other, with: FrameSeal(speaksFirst: true), end: .strict)
        case .origin: io.secure(token, with: FrameSeal(speaksFirst: false), end: .lenient)
        }
        partners[token] = other
        partners[other] = token
        io.relay(from: token, to: other, count: .max)
        io.relay(from: other, to: token, count: .max)
    }

    func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        guard let other = partners[token] else { return io.close(token) }
        ended.insert(token)
        io.shutdown(other)
        if ended.contains(other), io.waiting(token) == 0, io.waiting(other) == 0 {
            forget(token, other)
            io.close(token)
            io.close(other)
        }
    }

    func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) {
        if let other = partners[token] {
            forget(token, other)
            io.reset(other)
        }
        io.close(token)
    }

    private func forget(_ one: Token, _ other: Token) {
        for token in [one, other] {
            partners[token] = nil
            ended.remove(token)
        }
    }

    func rang(_ io: inout ReactorIO) { io.stop() }
    func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
    func received(
        _ token: Token,
        tag: UInt64,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int { 0 }
    func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
    func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
    func expired(_ timer: Timer, _ io: inout ReactorIO) {}
    func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {}
    func turned(_ io: inout ReactorIO) {}
}
