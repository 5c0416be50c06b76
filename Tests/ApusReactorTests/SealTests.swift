import Glibc
import Testing

@testable import ApusReactor

@Suite struct SealTests {
    @Test(
        "clear bytes are shown and sealed ones are on the wire, whoever speaks first, at every cut",
        arguments: [false, true]
    )
    func bothWays(speaksFirst: Bool) throws {
        let text = Array("what is said".utf8)
        for cut in 1...24 {
            var io = try ReactorIO.make()
            let handler = Recorder()
            let (token, peer, seal) = try io.sealedPair(handler, speaksFirst: speaksFirst)
            peer.cuts = [cut, 3, 1]
            let box = Sending(peer)
            let answer = inBackground {
                box.value.shakeHands()
                box.value.write(text)
                box.value.write(text)
                return box.value.read(8)
            }
            handler.onReceived = { token, bytes, io in
                if handler.input[token] == nil { io.send(token, Array("answered".utf8).span) }
                return nil
            }
            io.turn(handler, until: { _ in handler.input[token]?.count == 2 * text.count })
            #expect(handler.input[token] == text + text)
            #expect(answer() == Array("answered".utf8))
            #expect(handler.count(.secured(token)) == 1)
            #expect(handler.events.firstIndex(of: .secured(token)) == 1)
            #expect(seal.sealings == 1)
            io.close(token)
            #expect(io.seals.chunkCount == 0)
        }
    }

    @Test("nothing of what is sent is on the wire as it was")
    func changed() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, _) = try io.securedPair(handler)
        let text = [UInt8](repeating: 0x61, count: 1000)
        #expect(io.send(token, text.span) == .sent)
        let wire = peer.peer.read(1000 + FrameSeal.head)
        #expect(wire.count == 1000 + FrameSeal.head)
        #expect(!wire[FrameSeal.head...].contains(0x61))
        peer.take(wire)
        #expect(peer.read(1000) == text)
    }

    @Test("bytes that received leaves when it secures are the first sealed ones, at every cut of the conversation")
    func insideReceived() throws {
        for cut in 1...24 {
            var io = try ReactorIO.make()
            let handler = Recorder()
            let (token, raw) = try io.pair(handler)
            let peer = SealedPeer(raw, speaksFirst: true)
            let seal = FrameSeal(speaksFirst: false)
            handler.onReceived = { token, bytes, io in
                guard seal.opened == 0 else { return nil }
                guard bytes.count >= 4 else { return 0 }
                io.send(token, Array("+".utf8).span)
                io.secure(token, with: seal, end: .strict)
                // A second one is refused, and this one stays.
                let isSecond = io.secure(token, with: FrameSeal(speaksFirst: false), end: .lenient)
                #expect(!isSecond)
                return 4
            }
            // The head and the hello in one, cut anywhere.
            let wire = Array("HEAD".utf8) + peer.opening([])
            raw.write(Array(wire.prefix(cut)))
            io.settle(handler)
            raw.write(Array(wire.dropFirst(cut)))
            let box = Sending(peer)
            let answer = inBackground {
                let plus = box.value.peer.read(1)
                box.value.shakeHands()
                box.value.write("sealed words")
                return plus + box.value.read(3)
            }
            handler.onSecured = { token, io in io.send(token, Array("yes".utf8).span) }
            io.turn(handler, until: { _ in handler.text(token) == "HEADsealed words" })
            #expect(answer() == Array("+yes".utf8))
        }
    }

    @Test("what is sent before the handshake is through waits, and is sealed then, in order; drained and FIN follow")
    func sentEarly() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, seal) = try io.sealedPair(handler)
        let first = noise(300_000, seed: 4)
        #expect(io.send(token, first.span) == .waiting)
        #expect(io.send(token, Array(" and more".utf8).span) == .waiting)
        #expect(io.waiting(token) == first.count + 9)
        io.shutdown(token)
        #expect(io.send(token, [1].span) == .failed)
        io.settle(handler)
        #expect(handler.events == [.connected(token)])
        #expect(seal.sealings == 0)
        let box = Sending(peer)
        let result = inBackground {
            box.value.shakeHands()
            return box.value.readToEnd()
        }
        io.turn(handler, until: { _ in handler.events.contains(.drained(token)) })
        #expect(result() == first + Array(" and more".utf8))
        #expect(peer.isFinished)
        #expect(peer.peer.readSome() == [])
        // The other half is open still.
        peer.write("still")
        io.turn(handler, until: { _ in handler.text(token) == "still" })
        #expect(handler.events.prefix(3) == [.connected(token), .secured(token), .drained(token)])
    }

    @Test("a paused socket shakes hands and shows nothing; what came behind is shown after the resume, then the end")
    func pausedMeanwhile() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, _) = try io.sealedPair(handler)
        io.pause(token)
        let box = Sending(peer)
        let isThrough = inBackground {
            let isThrough = box.value.shakeHands()
            box.value.write("waits")
            box.value.finish()
            return isThrough
        }
        io.turn(handler, until: { _ in handler.events.contains(.secured(token)) })
        #expect(isThrough() == true)
        io.settle(handler)
        #expect(handler.events == [.connected(token), .secured(token)])
        io.resume(token)
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(handler.events.suffix(2) == [.received(token, 5), .ended(token)])
    }

    @Test("clear bytes that are not consumed are kept and shown in front of what comes")
    func kept() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, _) = try io.securedPair(handler)
        let all = noise(400_000, seed: 9)
        peer.cuts = [1, 7001, 13, 40_000]
        let box = Sending(peer)
        _ = inBackground {
            box.value.write(all)
            box.value.finish()
        }
        var step = 0
        handler.onReceived = { _, bytes, _ in
            step += 1
            return bytes.count < 60_000 ? min(bytes.count, step * 7 % 41) : bytes.count / 2
        }
        io.turn(handler, until: { _ in handler.events.contains(.ended(token)) })
        handler.onReceived = { _, _, _ in nil }
        io.pause(token)
        io.resume(token)
        io.turn(handler, until: { _ in handler.input[token]?.count == all.count })
        #expect(handler.input[token] == all)
    }

    @Test(
        "what the kernel does not take waits sealed, in order, and drained follows once; a reset of the peer drops it",
        arguments: [false, true]
    )
    func backPressure(isReset: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, seal) = try io.securedPair(handler, window: 4096)
        let all = noise(600_000, seed: 2)
        #expect(io.send(token, Array(all[..<(500_000)]).span) == .waiting)
        for start in stride(from: 500_000, to: 600_000, by: 7_777) {
            let end = min(start + 7_777, 600_000)
            #expect(io.send(token, Array(all[start..<end]).span) == .waiting)
        }
        #expect(seal.sealings > 14)
        #expect(io.waiting(token) > 300_000)
        if isReset {
            peer.peer.reset()
            io.turn(handler, until: { _ in handler.events.last == .failed(token, .connectionReset) })
            #expect(io.waiting(token) == 0)
            return
        }
        let box = Sending(peer)
        let result = inBackground { box.value.read(600_000) }
        io.turn(handler, until: { _ in handler.events.contains(.drained(token)) })
        #expect(io.waiting(token) == 0)
        #expect(result() == all)
        io.settle(handler)
        #expect(handler.count(.drained(token)) == 1)
    }

    @Test("a reply of the seal that has to wait owes nobody a drained, and replies do not follow the own end")
    func replies() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, seal) = try io.securedPair(handler)
        seal.answersData = true
        for round in 1...20 {
            peer.write("x")
            io.turn(handler, until: { _ in handler.input[token]?.count == round })
        }
        io.shutdown(token)
        peer.write("y")
        io.turn(handler, until: { _ in handler.input[token]?.count == 21 })
        #expect(peer.readToEnd() == [])
        #expect(peer.isFinished && peer.peer.readSome() == [])
        peer.finish()
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(!handler.events.contains(.drained(token)))
    }
}

@Suite struct SealEndTests {
    @Test("the seal's end is told after all bytes, without FIN, and the own half stays open")
    func announced() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, _) = try io.securedPair(handler)
        peer.write("last")
        peer.writeRaw(peer.notice)
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(handler.text(token) == "last")
        #expect(io.send(token, Array("answer".utf8).span) == .sent)
        io.close(token)
        #expect(peer.readToEnd() == Array("answer".utf8))
        #expect(peer.isFinished)
        #expect(handler.count(.ended(token)) == 1)
    }

    @Test(
        "FIN alone is cut short where the rule is strict, and an end where it is lenient",
        arguments: [EndRule.strict, .lenient]
    )
    func unannounced(end: EndRule) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, _) = try io.securedPair(handler, end: end)
        handler.onReceived = { _, bytes, _ in bytes.count - 1 }
        peer.write("cut?")
        peer.peer.finish()
        let last = end == .strict ? Recorder.Event.failed(token, .truncated) : .ended(token)
        io.turn(handler, until: { _ in handler.events.last == last })
        #expect(handler.text(token) == "cut")
        #expect(io.send(token, [1].span) == (end == .strict ? .failed : .sent))
        io.settle(handler)
        #expect(handler.events.last == last)
    }

    @Test(
        "an end or a reset during the handshake is a failure, and nothing is secured",
        arguments: [EndRule.strict, .lenient],
        [false, true]
    )
    func duringHandshake(end: EndRule, isReset: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, _) = try io.sealedPair(handler, end: end)
        io.pause(token)
        io.send(token, Array("never".utf8).span)
        io.settle(handler)
        if isReset { peer.peer.reset() } else { peer.peer.finish() }
        let error = isReset ? SocketError.connectionReset : .truncated
        io.turn(handler, until: { _ in handler.events.last == .failed(token, error) })
        #expect(handler.events.count == 2)
        #expect(io.waiting(token) == 0)
        io.close(token)
        #expect(io.seals.chunkCount == 0)
    }

    @Test(
        "what was opened before the seal broke is shown, the peer is told, and nothing more is read",
        arguments: [false, true]
    )
    func broken(whileOpening: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, seal) =
            try whileOpening ? io.sealedPair(handler) : io.securedPair(handler)
        if whileOpening {
            peer.writeRaw([0, 0, 0, 0])
        } else {
            peer.writeRaw(peer.sealed(Array("good".utf8)) + [0x16, 3, 1, 2])
        }
        io.turn(handler, until: { _ in handler.events.last == .failed(token, .sealBroken) })
        #expect(handler.text(token) == (whileOpening ? "" : "good"))
        let opened = seal.opened
        peer.peer.write("more")
        io.settle(handler)
        #expect(seal.opened == opened)
        #expect(handler.events.last == .failed(token, .sealBroken))
        #expect(handler.count(.secured(token)) == (whileOpening ? 0 : 1))
        #expect(peer.peer.read(FrameSeal.head).first == FrameSeal.Kind.alert.rawValue)
    }

    @Test("close says that nothing more comes, unless something waits; a reset says nothing")
    func closes() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        var (token, peer, _) = try io.securedPair(handler)
        io.close(token)
        #expect(peer.readToEnd() == [] && peer.isFinished)
        (token, peer, _) = try io.securedPair(handler)
        io.reset(token)
        #expect(peer.peer.readError() == SocketError.connectionReset.code)
        (token, peer, _) = try io.securedPair(handler, window: 4096)
        #expect(io.send(token, noise(1 << 20).span) == .waiting)
        io.close(token)
        #expect(peer.readToEnd().count < 1 << 20)
        #expect(!peer.isFinished)
        (token, peer, _) = try io.sealedPair(handler)
        io.close(token)
        #expect(peer.peer.readSome() == [])
    }

    @Test("what is discarded is dropped unopened, and FIN ends it", arguments: [false, true])
    func discarded(whileOpening: Bool) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, seal) =
            try whileOpening ? io.sealedPair(handler) : io.securedPair(handler)
        io.send(token, Array("go away".utf8).span)
        io.shutdown(token)
        io.discard(token, limit: 100_000)
        if whileOpening {
            let box = Sending(peer)
            let isThrough = inBackground { box.value.shakeHands() }
            io.turn(handler, until: { _ in handler.events.contains(.secured(token)) })
            _ = isThrough()
        }
        io.settle(handler)
        let opened = seal.opened
        #expect(peer.readText(7) == "go away")
        peer.write(noise(50_000))
        peer.peer.finish()
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(handler.input[token] == nil)
        #expect(seal.opened == opened)
    }

    @Test("who secures, answers, shuts and discards in one event still gets the answer through")
    func discardedAtOnce() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, raw) = try io.pair(handler)
        let peer = SealedPeer(raw, speaksFirst: true)
        handler.onReceived = { token, _, io in
            io.secure(token, with: FrameSeal(speaksFirst: false), end: .lenient)
            io.send(token, Array("go away".utf8).span)
            io.shutdown(token)
            io.discard(token, limit: 100_000)
            return 4
        }
        raw.write(Array("HEAD".utf8) + peer.opening([]))
        let box = Sending(peer)
        let answer = inBackground {
            box.value.shakeHands()
            let answer = box.value.readToEnd()
            box.value.write("unheard")
            box.value.peer.finish()
            return answer
        }
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        #expect(answer() == Array("go away".utf8))
        #expect(peer.isFinished)
        #expect(handler.text(token) == "HEAD")
    }

    @Test("sealed bytes that open to nothing are no unseen input; clear ones and ends are, and are shown later")
    func unseen() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, seal) = try io.securedPair(handler)
        let (other, second) = try io.pair(handler)
        io.pause(token)
        var answers: [Bool] = []
        // Asked while the handler is shown other bytes, which stay as they are.
        handler.onReceived = { asking, bytes, io in
            guard asking == other else { return nil }
            answers.append(io.hasUnseenInput(token))
            io.send(other, scratch: 0..<0, input: 0..<bytes.count)
            return nil
        }
        for write in [{ peer.writeEmpty() }, { peer.write("x") }, {}, { peer.finish() }] {
            let opened = seal.opened
            let text = "round \(answers.count)"
            write()
            if answers.count == 2 {
                io.resume(token)
                io.turn(handler, until: { _ in handler.text(token) == "x" })
                io.pause(token)
            } else {
                io.turn(handler, until: { io in io.slots[token.index].pointee.flags.contains(.readable) })
            }
            second.write(text)
            let echo = second.readWhile(text.utf8.count, turning: &io, handler)
            #expect(echo == text)
            #expect(seal.opened == opened + (answers.count == 3 ? 0 : 1))
        }
        #expect(answers == [false, true, false, true])
        io.resume(token)
        io.turn(handler, until: { _ in handler.events.last == .ended(token) })
        io.close(token)
        answers.append(io.hasUnseenInput(token))
        #expect(answers == [false, true, false, true, true])
    }

    @Test(
        "unseen input that is asked for in an event of the socket itself is neither lost nor shown before its turn",
        arguments: [0, 1, 20]
    )
    func unseenInside(taken: Int) throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, peer, _) = try io.securedPair(handler)
        // More than one read, so that the socket is readable still while the first one is shown.
        let all = noise(300_000, seed: 6)
        var answers: [Bool] = []
        var isMissed = false
        handler.onReceived = { token, bytes, io in
            // Whether there is more yet is the writer's pace; where it lies there, and the last read has not proved the socket empty, it is told.
            let slot = io.slots[token.index].pointee
            var byte: UInt8 = 0
            let peek = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
            let isThere = slot.flags.contains(.readable) && recv(slot.descriptor, &byte, 1, peek) > 0
            answers.append(io.hasUnseenInput(token))
            if isThere, answers.last == false { isMissed = true }
            return answers.count == 1 ? taken : nil
        }
        let box = Sending(peer)
        io.pause(token)
        let wrote = inBackground { box.value.write(all) }
        io.turn(handler, until: { io in io.slots[token.index].pointee.flags.contains(.readable) })
        io.resume(token)
        io.turn(handler, until: { _ in handler.input[token, default: []].count >= all.count })
        _ = wrote()
        let isSame = handler.input[token] == all
        #expect(isSame)
        #expect(!isMissed && answers.last == false)
    }
}

@Suite struct SealBudgetTests {
    @Test(
        "a turn takes so many steps of handshakes and no more, each in its turn, and other sockets are served meanwhile"
    )
    func budget() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        io.limitHandshakes(toStepsPerTurn: 3)
        let (plain, other) = try io.pair(handler)
        var all: [(Token, SealedPeer, FrameSeal)] = []
        for _ in 0..<20 { all.append(try io.sealedPair(handler)) }
        io.settle(handler)
        for (_, peer, _) in all { peer.take([]) }
        var turns = 0
        var order: [Int] = []
        while order.count < all.count {
            let before = all.map(\.2.opened)
            if turns == 2 { other.write("x") }
            io.turn(handler, timeoutMilliseconds: 50)
            turns += 1
            let stepped = all.indices.filter { all[$0].2.opened > before[$0] }
            #expect(stepped.count <= 3)
            order += stepped.filter { !order.contains($0) }
            if turns > 10_000 { break }
        }
        #expect(order.count == all.count)
        io.turn(handler, until: { _ in handler.text(plain) == "x" })
        // Those that are closed while they wait are passed over.
        for (token, _, _) in all.prefix(5) { io.close(token) }
        let left = Sending(Array(all.dropFirst(5).map(\.1)))
        let through = inBackground { left.value.filter { $0.shakeHands() }.count }
        io.turn(handler, until: { _ in handler.events.count { if case .secured = $0 { true } else { false } } == 15 })
        #expect(through() == 15)
        #expect(io.openSockets == 16)
    }

    @Test("thousands of seals come and go, and leave nothing behind")
    func churn() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        weak var last: FrameSeal?
        for round in 0..<300 {
            let (token, peer) = try io.pair(handler)
            let seal = FrameSeal(speaksFirst: true)
            last = seal
            let isSealed = io.secure(token, with: seal, end: .strict)
            if round % 2 == 0 { io.turn(handler, timeoutMilliseconds: 0) }
            io.send(token, [1].span)
            if round % 3 == 0 { io.reset(token) } else { io.close(token) }
            let isSealedAgain = io.secure(token, with: seal, end: .strict)
            #expect(isSealed && !isSealedAgain)
            peer.close()
        }
        #expect(last == nil)
        #expect(io.seals.chunkCount == 0)
        io.settle(handler)
        #expect(io.seals.queuedSteps == 0)
    }
}

extension Peer {
    /// So many bytes as text, while the reactor turns.
    func readWhile(_ count: Int, turning io: inout ReactorIO, _ handler: Recorder) -> String {
        var bytes: [UInt8] = []
        io.turn(
            handler,
            until: { _ in
                var room = [UInt8](repeating: 0, count: count - bytes.count)
                let got = recv(number, &room, room.count, Int32(MSG_DONTWAIT))
                if got > 0 { bytes += room[..<got] }
                return bytes.count == count
            }
        )
        return String(decoding: bytes, as: UTF8.self)
    }
}
