internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// One of the two bodies of a request while it passes from its source to its sink: what is the same for both is written once, by its ``Way``.
struct BodyFlow: BitwiseCopyable {
    /// Follows the framing of a chunked body.
    var decoder = ChunkedDecoder()
    /// How much a bounded relay moves when it comes to its end, in bytes.
    var relaying: UInt64 = 0
    /// What becomes of the framing of a chunked body.
    var mode = ChunkedDecoder.Mode.keepFraming
    /// Whether the trailer fields of a chunked body go on.
    var keepsTrailers = true
    /// Whether its source is not read until its sink has taken what was sent.
    var waits = false

    /// A chunked body begins.
    mutating func begin(_ decoder: ChunkedDecoder, _ mode: ChunkedDecoder.Mode, keepsTrailers: Bool) {
        self.decoder = decoder
        self.mode = mode
        self.keepsTrailers = keepsTrailers
    }
}

extension ClientConnection {
    /// The body that goes this way.
    subscript(way: Way) -> BodyFlow {
        // A getter, which copies a few words: a coroutine that reads is called in spite of the attribute, and takes its frame from the heap.
        @inline(__always) get { way == .up ? up : down }
        @inline(__always) _modify { if way == .up { yield &up } else { yield &down } }
    }

    /// Where the bytes of this way come from.
    @inline(__always)
    func source(_ way: Way) -> Token { way == .up ? token : upstream }

    /// Where the bytes of this way go.
    @inline(__always)
    func sink(_ way: Way) -> Token { way == .up ? upstream : token }
}
