import Glibc
import Testing

@testable import ApusReactor

@Suite struct ValuesTests {
    @Test("errors speak with the C library's words")
    func descriptions() {
        #expect(SocketError.connectionRefused.description == "Connection refused")
        #expect(SocketError(code: 4095).description == "error 4095")
        #expect(SocketError.keptTooLarge.description == "Too much input left unconsumed")
        #expect(SocketError.descriptorsExhausted.isExhaustion && !SocketError.connectionReset.isExhaustion)
    }

    @Test("a descriptor closes itself, unless it was released")
    func descriptors() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let file = identity(ends[0])
        do {
            let owner = Descriptor(adopting: ends[0])
            #expect(openings(of: file) == 2)
            _ = owner.number
        }
        #expect(openings(of: file) == 1)
        let number = Descriptor(adopting: ends[1]).release()
        #expect(openings(of: file) == 1)
        close(number)
        #expect(openings(of: file) == 0)
    }

    @Test("chains of blocks keep their order through any mixture of appending and dropping")
    func blocks() {
        var chain: UnsafeMutablePointer<Block>?
        let all = noise(300_000)
        var written = 0
        var seen: [UInt8] = []
        var step = 1
        while seen.count < all.count {
            step = (step * 7 + 3) % 9973
            let count = min(step, all.count - written)
            if step % 3 != 0 || chain == nil, count > 0 {
                #expect(
                    all[written..<written + count].withUnsafeBytes { bytes in
                        bytes.baseAddress.map { Block.append($0, count, to: &chain) } ?? false
                    }
                )
                written += count
            }
            #expect(Block.count(chain) == written - seen.count)
            if let first = chain, step % 5 != 0 || written == all.count {
                let count = min(first.count, step % 2 == 0 ? first.count : step)
                seen += UnsafeRawBufferPointer(start: first.bytes, count: count)
                Block.drop(count, from: &chain)
            }
        }
        #expect(seen == all)
        #expect(chain == nil)
    }

    @Test("slots are taken newest first, and their generation tells the tokens apart")
    func slots() throws {
        var slots = SlotTable()
        var tokens: [Token] = []
        for number in 0..<2500 { tokens.append(slots.take(Int32(number)) ?? .none) }
        #expect(slots.capacity == 2500 && slots.used == 2500)
        #expect(Set(tokens).count == 2500)
        for (number, token) in tokens.enumerated() {
            #expect(slots.find(token)?.pointee.descriptor == Int32(number))
        }
        slots.give(tokens[5].index)
        slots.give(tokens[9].index)
        #expect(slots.find(tokens[5]) == nil)
        #expect(slots.take(1) == Token(index: tokens[9].index, generation: tokens[9].generation + 1))
        #expect(slots.find(.none) == nil)
        // What was never used is neither written nor found.
        #expect(slots.find(Token(index: 2500, generation: 1)) == nil)
    }

    @Test("the descriptor limit can be raised to its hard limit")
    func limit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(ReactorThread.raiseDescriptorLimit() == Int(limit.rlim_max))
    }
}
