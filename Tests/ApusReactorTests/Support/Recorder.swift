import Glibc
import Synchronization
import Testing

@testable import ApusReactor

/// A flag that is raised once.
final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    /// Whether it was not raised before.
    @discardableResult
    func raise() -> Bool { !value.exchange(true, ordering: .acquiringAndReleasing) }
}

/// Notes every event, and does what a test hangs into it.
final class Recorder: ReactorHandler {
    enum Event: Equatable {
        case accepted(Token), connected(Token), secured(Token), received(Token, Int), ended(Token), drained(Token),
            relayed(Token)
        case failed(Token, SocketError), expired(Timer), rang, exhausted(Int, SocketError)
    }

    var events: [Event] = []
    /// What was shown, by token; kept bytes each time.
    var input: [Token: [UInt8]] = [:]
    /// The tag that the last event of a socket came with.
    var tags: [Token: UInt64] = [:]
    var tokens: [Token] = []
    var peers: [SocketAddress] = []
    var turns = 0

    var onAccepted: (Token, inout ReactorIO) -> Void = { _, _ in }
    var onConnected: (Token, inout ReactorIO) -> Void = { _, _ in }
    var onSecured: (Token, inout ReactorIO) -> Void = { _, _ in }
    /// Answers how many bytes it consumes; nil: all.
    var onReceived: (Token, [UInt8], inout ReactorIO) -> Int? = { _, _, _ in nil }
    var onScratch: ((Token, inout MutableSpan<UInt8>, inout ReactorIO) -> Void)?
    var onEnded: (Token, inout ReactorIO) -> Void = { _, _ in }
    var onDrained: (Token, inout ReactorIO) -> Void = { _, _ in }
    var onRelayed: (Token, inout ReactorIO) -> Void = { _, _ in }
    var onFailed: (Token, SocketError, inout ReactorIO) -> Void = { _, _, _ in }
    var onExpired: (Timer, inout ReactorIO) -> Void = { _, _ in }
    var onRang: (inout ReactorIO) -> Void = { _ in }

    func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {
        events.append(.accepted(token))
        tokens.append(token)
        peers.append(peer)
        onAccepted(token, &io)
    }

    func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        tags[token] = tag
        events.append(.connected(token))
        onConnected(token, &io)
    }

    func secured(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        tags[token] = tag
        events.append(.secured(token))
        onSecured(token, &io)
    }

    func received(
        _ token: Token,
        tag: UInt64,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        tags[token] = tag
        let copy = bytes.withUnsafeBufferPointer { Array($0) }
        events.append(.received(token, copy.count))
        onScratch?(token, &scratch, &io)
        let consumed = onReceived(token, copy, &io) ?? copy.count
        input[token, default: []] += copy[..<min(consumed, copy.count)]
        return consumed
    }

    /// What relays showed, by token.
    var passing: [Token: [UInt8]] = [:]
    /// How much of it is wanted.
    var wanted = 0

    func passed(_ token: Token, tag: UInt64, _ bytes: Span<UInt8>) -> Bool {
        tags[token] = tag
        for place in bytes.indices { passing[token, default: []].append(bytes[place]) }
        return passing[token, default: []].count < wanted
    }

    func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        tags[token] = tag
        events.append(.ended(token))
        onEnded(token, &io)
    }

    func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        tags[token] = tag
        events.append(.drained(token))
        onDrained(token, &io)
    }

    func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        tags[token] = tag
        events.append(.relayed(token))
        onRelayed(token, &io)
    }

    func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) {
        tags[token] = tag
        events.append(.failed(token, error))
        onFailed(token, error, &io)
    }

    func expired(_ timer: Timer, _ io: inout ReactorIO) {
        events.append(.expired(timer))
        onExpired(timer, &io)
    }

    func rang(_ io: inout ReactorIO) {
        events.append(.rang)
        onRang(&io)
    }

    func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {
        events.append(.exhausted(listener, error))
    }

    func turned(_ io: inout ReactorIO) { turns += 1 }

    func count(_ event: Event) -> Int { events.count { $0 == event } }
    func text(_ token: Token) -> String { String(decoding: input[token] ?? [], as: UTF8.self) }
}

extension ReactorIO {
    /// A reactor on the test's own thread, stepped by hand.
    static func make(clock: UInt64? = nil) throws -> ReactorIO {
        try ReactorIO(doorbell: try Waker(), manualClock: clock)
    }

    /// Turns until something is so; fails the test when it does not come about within minutes.
    mutating func turn(
        _ handler: Recorder,
        until isSo: (borrowing ReactorIO) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let begin = time(nil)
        while !isSo(self) {
            turn(handler, timeoutMilliseconds: 50)
            guard time(nil) - begin < 300 else {
                Issue.record("it did not come about; last: \(handler.events.suffix(5))", sourceLocation: sourceLocation)
                return
            }
        }
    }

    /// Turns until a turn brings nothing more.
    mutating func settle(_ handler: Recorder) {
        var quiet = 0
        while quiet < 2 {
            let before = handler.events.count
            turn(handler, timeoutMilliseconds: 0)
            quiet = handler.events.count == before && isQuiet ? quiet + 1 : 0
        }
    }

    /// A connected TCP pair: a socket of this reactor, and the peer.
    mutating func pair(_ handler: Recorder, window: Int32? = nil) throws -> (Token, Peer) {
        let listener = try Listener.bind(.loopback(0), reusePort: false, backlog: 4)
        let peer = Peer(port: listener.port, window: window)
        let token = adopt(Descriptor(adopting: listener.acceptForTest()))
        turn(handler, until: { _ in handler.events.contains(.connected(token)) })
        return (token, peer)
    }
}

extension ReactorIO {
    /// Nothing is queued.
    var isQuiet: Bool { queue.isEmpty }
}

extension Listener {
    var number: Int32 { descriptor.number }
    /// The port it is bound to.
    var port: UInt16 { boundAddress?.port ?? 0 }

    /// The local port of a socket; 0 for anything else.
    static func port(of number: Int32) -> UInt16 {
        let listener = Listener(adopting: number)
        let port = listener.port
        _ = listener.release()
        return port
    }

    /// The next connection, which must be there.
    borrowing func acceptForTest() -> Int32 {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, 300_000)
        return Glibc.accept(number, nil, nil)
    }
}
