import Glibc
import Testing

@testable import ApusReactor

/// The other end of a sealed socket: clear bytes at its top, blocking calls below.
final class SealedPeer {
    let peer: Peer
    let seal: FrameSeal
    /// How many bytes one write of the wire has, over and over; none: all at once.
    var cuts: [Int] = []
    private var clear: [UInt8] = []
    private var cut = 0
    private(set) var isFinished = false
    private(set) var isBroken = false

    init(_ peer: Peer, speaksFirst: Bool) {
        self.peer = peer
        seal = FrameSeal(speaksFirst: speaksFirst)
    }

    /// Sends what the seal has to say to these sealed bytes.
    func take(_ sealed: [UInt8]) {
        let reply = opening(sealed)
        if !reply.isEmpty { writeRaw(reply) }
    }

    /// Opens sealed bytes; answers what the seal has to say to them.
    func opening(_ sealed: [UInt8]) -> [UInt8] {
        let start = clear.count
        var reply = [UInt8](repeating: 0, count: SealRoom.sealed)
        clear += [UInt8](repeating: 0, count: sealed.count + SealRoom.carried)
        var room = Array(clear[start...])
        var clearSpan = room.mutableSpan
        var replySpan = reply.mutableSpan
        let progress = seal.open(sealed.span, into: &clearSpan, reply: &replySpan)
        clear.replaceSubrange(start..., with: room[..<progress.clear])
        isFinished = progress.state == .finished
        isBroken = progress.state == .broken
        return Array(reply[..<progress.reply])
    }

    /// Reads until the handshake is through; false at an end before that.
    @discardableResult
    func shakeHands() -> Bool {
        if seal.opened == 0 { take([]) }
        while !seal.isOpen {
            guard let bytes = peer.readSome(), !bytes.isEmpty else { return false }
            take(bytes)
        }
        return true
    }

    func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var wire: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: SealRoom.clear) {
            var room = [UInt8](repeating: 0, count: SealRoom.sealed)
            var span = room.mutableSpan
            let none: [UInt8] = []
            let piece = Array(bytes[start..<min(start + SealRoom.clear, bytes.count)])
            let count = seal.seal(piece.span, none.span, into: &span)
            wire += room[..<count]
        }
        return wire
    }

    var notice: [UInt8] {
        var room = [UInt8](repeating: 0, count: 64)
        var span = room.mutableSpan
        let count = seal.finish(into: &span)
        return Array(room[..<count])
    }

    func write(_ bytes: [UInt8]) { writeRaw(sealed(bytes)) }
    func write(_ text: String) { write(Array(text.utf8)) }

    /// A frame that opens to nothing.
    func writeEmpty() {
        var room = [UInt8](repeating: 0, count: 64)
        var span = room.mutableSpan
        let count = seal.empty(into: &span)
        writeRaw(Array(room[..<count]))
    }

    /// Says that nothing more comes, and sends FIN.
    func finish() {
        writeRaw(notice)
        peer.finish()
    }

    func writeRaw(_ wire: [UInt8]) {
        var start = 0
        while start < wire.count {
            let count = cuts.isEmpty ? wire.count : max(1, cuts[cut % cuts.count])
            cut += 1
            let end = min(start + count, wire.count)
            if !peer.write(Array(wire[start..<end])) { return }
            start = end
        }
    }

    /// Exactly so many clear bytes, or fewer at the end.
    func read(_ count: Int) -> [UInt8] {
        while clear.count < count, !isFinished, !isBroken, let bytes = peer.readSome(), !bytes.isEmpty { take(bytes) }
        let taken = Array(clear.prefix(count))
        clear.removeFirst(taken.count)
        return taken
    }

    func readText(_ count: Int) -> String { String(decoding: read(count), as: UTF8.self) }

    /// All clear bytes up to the end; whether that was announced is in `isFinished`.
    func readToEnd() -> [UInt8] { read(.max) }
}

extension ReactorIO {
    /// A socket of this reactor with a seal, and the peer, whose handshake has not begun.
    mutating func sealedPair(
        _ handler: Recorder,
        speaksFirst: Bool = false,
        end: EndRule = .strict,
        window: Int32? = nil
    ) throws -> (Token, SealedPeer, FrameSeal) {
        let (token, peer) = try pair(handler, window: window)
        if window != nil { narrow(token, peer) }
        let seal = FrameSeal(speaksFirst: speaksFirst)
        secure(token, with: seal, end: end)
        return (token, SealedPeer(peer, speaksFirst: !speaksFirst), seal)
    }

    /// The same with the handshake through.
    mutating func securedPair(
        _ handler: Recorder,
        speaksFirst: Bool = false,
        end: EndRule = .strict,
        window: Int32? = nil
    ) throws -> (Token, SealedPeer, FrameSeal) {
        let (token, peer, seal) = try sealedPair(handler, speaksFirst: speaksFirst, end: end, window: window)
        let box = Sending(peer)
        let isThrough = inBackground { box.value.shakeHands() }
        turn(handler, until: { _ in handler.events.contains(.secured(token)) })
        _ = isThrough()
        return (token, peer, seal)
    }
}

extension ReactorIO {
    /// Makes the kernel hold little between a socket and its peer, either way.
    func narrow(_ token: Token, _ peer: Peer) {
        for number in [slots[token.index].pointee.descriptor, peer.number] {
            for option in [SO_SNDBUF, SO_RCVBUF] {
                var size: Int32 = 16 << 10
                setsockopt(number, SOL_SOCKET, option, &size, 4)
            }
        }
    }
}

/// Hands a value to one other thread at a time, as the test that uses it takes care of.
struct Sending<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// A peer, sealed or not.
enum End: @unchecked Sendable {
    case plain(Peer)
    case sealed(SealedPeer)

    private var peer: Peer {
        switch self {
        case .plain(let peer): peer
        case .sealed(let sealed): sealed.peer
        }
    }

    /// How many bytes each write of the wire has; of a plain one all go at once.
    func cut(_ cuts: [Int]) {
        if case .sealed(let sealed) = self { sealed.cuts = cuts }
    }

    func write(_ bytes: [UInt8]) {
        switch self {
        case .plain(let peer): peer.write(bytes)
        case .sealed(let sealed): sealed.write(bytes)
        }
    }

    func finish() {
        switch self {
        case .plain(let peer): peer.finish()
        case .sealed(let sealed): sealed.finish()
        }
    }

    func finishUnannounced() { peer.finish() }
    func reset() { peer.reset() }

    func read(_ count: Int) -> [UInt8] {
        switch self {
        case .plain(let peer): peer.read(count)
        case .sealed(let sealed): sealed.read(count)
        }
    }

    func readToEnd() -> [UInt8] { read(.max) }

    /// Whether all that was read was announced as all; a plain one has only FIN.
    var isFinished: Bool {
        if case .sealed(let sealed) = self { sealed.isFinished } else { true }
    }
}
