import ApusWire

/// What a decoder made of a body that came in pieces.
struct ChunkedFeed: Equatable {
    enum End: Equatable {
        case more, trailers, faulty(ChunkFault)
    }

    var passed: [UInt8] = []
    var consumed = 0
    var end = End.more
    var runs = 0

    init(_ pieces: [[UInt8]], _ mode: ChunkedDecoder.Mode, limits: ChunkLimits = .init()) {
        var decoder = ChunkedDecoder(limits: limits)
        for piece in pieces where end == .more { show(piece, to: &decoder, mode) }
    }

    private mutating func show(_ piece: [UInt8], to decoder: inout ChunkedDecoder, _ mode: ChunkedDecoder.Mode) {
        var from = 0
        // A call that asks for another must have got on, so that this ends.
        for _ in 0...piece.count {
            let progress = decoder.decode(piece.span, from: from, mode: mode)
            passed += piece[progress.pass.range]
            runs += progress.pass.isEmpty ? 0 : 1
            consumed += progress.consumed - from
            from = progress.consumed
            switch progress.outcome {
            case .again: continue
            case .more: end = from == piece.count ? .more : .faulty(.malformedSize)
            case .trailers: end = .trailers
            case .faulty(let fault): end = .faulty(fault)
            }
            return
        }
    }
}

/// A body in two pieces, cut at an offset.
func cut(_ bytes: [UInt8], at offset: Int) -> [[UInt8]] {
    [Array(bytes[..<offset]), Array(bytes[offset...])]
}

/// The generator of random tests: SplitMix64, so that a failure repeats.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
