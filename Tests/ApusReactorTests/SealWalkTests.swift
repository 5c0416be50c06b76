import Glibc
import Testing

@testable import ApusReactor

/// A peer that never waits: it sends and reads as far as the kernel goes along, in pieces of any size.
private final class WalkingPeer {
    private let peer: Peer
    private let seal: FrameSeal?
    private var unsent: [UInt8] = []
    private var isFinishing = false
    /// All clear bytes that have come.
    private(set) var read: [UInt8] = []
    private(set) var hasEnded = false
    /// The end was said by the seal, where there is one.
    private(set) var isAnnounced = false
    private(set) var isBroken = false

    init(_ peer: Peer, _ seal: FrameSeal?) {
        self.peer = peer
        self.seal = seal
        if seal != nil { open([]) }
    }

    var isOpen: Bool { seal?.isOpen ?? true }

    func write(_ bytes: [UInt8]) {
        guard let seal else { return unsent += bytes }
        var room = [UInt8](repeating: 0, count: SealRoom.sealed)
        var span = room.mutableSpan
        let none: [UInt8] = []
        let count = seal.seal(bytes.span, none.span, into: &span)
        unsent += room[..<count]
    }

    func finish() {
        if let seal {
            var room = [UInt8](repeating: 0, count: 64)
            var span = room.mutableSpan
            let count = seal.finish(into: &span)
            unsent += room[..<count]
        }
        isFinishing = true
    }

    /// Sends at most so many bytes of the wire, and reads at most so many.
    func pump(_ most: Int) {
        if !unsent.isEmpty {
            let count = min(most, unsent.count)
            let sent = send(peer.number, unsent, count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            if sent > 0 { unsent.removeFirst(sent) }
        }
        if unsent.isEmpty, isFinishing {
            isFinishing = false
            peer.finish()
        }
        var bytes = [UInt8](repeating: 0, count: most)
        let got = recv(peer.number, &bytes, most, Int32(MSG_DONTWAIT))
        if got == 0 { hasEnded = true }
        if got > 0 {
            if seal == nil { read += bytes[..<got] } else { open(Array(bytes[..<got])) }
        }
    }

    private func open(_ sealed: [UInt8]) {
        guard let seal else { return }
        var clear = [UInt8](repeating: 0, count: sealed.count + SealRoom.carried)
        var reply = [UInt8](repeating: 0, count: 1024)
        var clearSpan = clear.mutableSpan
        var replySpan = reply.mutableSpan
        let progress = seal.open(sealed.span, into: &clearSpan, reply: &replySpan)
        read += clear[..<progress.clear]
        unsent += reply[..<progress.reply]
        isAnnounced = progress.state == .finished
        isBroken = isBroken || progress.state == .broken
    }
}

@Suite struct SealWalkTests {
    /// Whatever is relayed, sent on by the handler, kept, paused or let wait, and whichever ends are sealed: what one peer writes the other one
    /// reads, all of it, in order, and then the end.
    @Test("random walks: what goes in comes out, sealed or not, relayed or sent on", arguments: 0..<12)
    func walk(seed: Int) throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var io = try ReactorIO.make()
        let handler = Recorder()
        var ends: [(token: Token, peer: WalkingPeer)] = []
        for side in 0..<2 {
            let (token, peer) = try io.pair(handler)
            io.narrow(token, peer)
            let isSealed = (seed >> side) & 1 == 0
            if isSealed { io.secure(token, with: FrameSeal(speaksFirst: side == 1), end: .strict) }
            ends.append((token, WalkingPeer(peer, isSealed ? FrameSeal(speaksFirst: side == 0) : nil)))
        }
        let tokens = ends.map(\.token)
        func other(_ token: Token) -> Token { tokens[0] == token ? tokens[1] : tokens[0] }
        var takesAll = false
        handler.onReceived = { token, bytes, io in
            let count = takesAll ? bytes.count : bytes.count - random(bytes.count / 2 + 1)
            io.send(other(token), scratch: 0..<0, input: 0..<count)
            return count
        }
        handler.onEnded = { token, io in io.shutdown(other(token)) }
        var written: [[UInt8]] = [[], []]
        for _ in 0..<600 {
            let side = random(2)
            let token = tokens[side]
            switch random(9) {
            case 0, 1:
                let bytes = noise(1 + random(9000), seed: state)
                if ends[side].peer.isOpen {
                    ends[side].peer.write(bytes)
                    written[side] += bytes
                }
            case 2: io.pause(token)
            case 3, 4: io.resume(token)
            case 5: io.relay(from: token, to: other(token), count: random(3) == 0 ? .max : UInt64(random(20_000)))
            case 6: io.stopRelay(from: token)
            default: io.turn(handler, timeoutMilliseconds: 0)
            }
            ends[random(2)].peer.pump(1 + random(random(4) == 0 ? 60_000 : 900))
        }
        takesAll = true
        try #require(ends.allSatisfy { $0.peer.isOpen })
        for (_, peer) in ends { peer.finish() }
        io.turn(
            handler,
            until: { _ in
                for (_, peer) in ends { peer.pump(60_000) }
                return ends.allSatisfy { $0.peer.read.count >= written[$0.token == tokens[0] ? 1 : 0].count }
                    || ends.contains { $0.peer.isBroken }
            },
            each: { io in
                for token in tokens {
                    io.pause(token)
                    io.resume(token)
                }
            }
        )
        for side in 0..<2 {
            let isSame = ends[side].peer.read == written[1 - side]
            #expect(isSame && !ends[side].peer.isBroken)
        }
        io.turn(
            handler,
            until: { _ in
                for (_, peer) in ends { peer.pump(60_000) }
                return ends.allSatisfy { $0.peer.hasEnded }
            }
        )
        #expect(handler.events.allSatisfy { if case .failed = $0 { false } else { true } })
        #expect((seed & 1 != 0 || ends[0].peer.isAnnounced) && (seed & 2 != 0 || ends[1].peer.isAnnounced))
        for token in tokens { io.close(token) }
        #expect(io.openSockets == 0 && io.seals.chunkCount == 0)
        #expect(io.pipes.idle.count == io.pipes.pipes.count)
    }
}

extension ReactorIO {
    /// Turns until something is so, and does something before each turn.
    fileprivate mutating func turn(
        _ handler: Recorder,
        until isSo: (borrowing ReactorIO) -> Bool,
        each: (inout ReactorIO) -> Void
    ) {
        let begin = time(nil)
        while !isSo(self) {
            each(&self)
            turn(handler, timeoutMilliseconds: 5)
            guard time(nil) - begin < 300 else {
                Issue.record("it did not come about; last: \(handler.events.suffix(5))")
                return
            }
        }
    }
}
