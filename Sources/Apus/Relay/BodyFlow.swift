internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// Where the bytes of a body come from. A closed list, for it is asked on the way of each request: what is to come beside sockets (what is stored,
/// a stream of many on one socket) is a case here, and knows how it is held and read on.
enum BodySource: BitwiseCopyable {
    /// Who is at the other end of a socket.
    case socket(Token)

    /// Reads nothing more of it.
    @inline(__always)
    func pause(_ io: inout ReactorIO) {
        switch self {
        case .socket(let token): io.pause(token)
        }
    }

    /// Reads on.
    @inline(__always)
    func resume(_ io: inout ReactorIO) {
        switch self {
        case .socket(let token): io.resume(token)
        }
    }

    /// Says whether much is expected of it.
    @inline(__always)
    func expectBulk(_ isExpected: Bool, _ io: inout ReactorIO) {
        switch self {
        case .socket(let token): io.expectBulk(token, isExpected)
        }
    }
}

/// Where the bytes of a body go, by the same rule.
enum BodySink: BitwiseCopyable {
    /// Who is at the other end of a socket.
    case socket(Token)

    /// Sends a run of the scratch, and one of this read behind it.
    ///
    /// - Returns: whether something waits for it.
    @inline(__always)
    @discardableResult
    func send(scratch: Range<Int>, input: Range<Int>, _ io: inout ReactorIO) -> Bool {
        switch self {
        case .socket(let token): io.send(token, scratch: scratch, input: input) == .waiting
        }
    }
}

/// One of the two bodies of a request while it passes from its source to its sink: what is the same for both is written once, by its `Way`.
///
/// It is all the state that a relay has, and stands in the row of its request: so there is no table of relays, and none to be left behind.
struct BodyFlow: BitwiseCopyable {
    /// Follows the framing of a chunked body.
    private var decoder = ChunkedDecoder()
    /// How much a bounded relay moves when it comes to its end, in bytes.
    private var relaying: UInt64 = 0
    /// What becomes of the framing of a chunked body.
    private(set) var mode = ChunkedDecoder.Mode.keepFraming
    /// Whether the trailer fields of a chunked body go on.
    private(set) var keepsTrailers = true
    /// Whether its source is not read until its sink has taken what was sent.
    private(set) var waits = false

    /// A chunked body begins.
    mutating func begin(_ decoder: ChunkedDecoder, _ mode: ChunkedDecoder.Mode, keepsTrailers: Bool) {
        self.decoder = decoder
        self.mode = mode
        self.keepsTrailers = keepsTrailers
    }

    /// Follows the framing of a chunked body through a read.
    @inline(__always)
    mutating func decode(_ bytes: Span<UInt8>, from start: Int) -> ChunkedDecoder.Progress {
        decoder.decode(bytes, from: start, mode: mode)
    }

    /// Moves so many bytes unseen, as the source has them and the sink takes them: by `splice`, where both are plain sockets and it pays.
    ///
    /// - Parameters:
    ///   - count: `.max`: all, until the source closes.
    ///   - showing: whether who looks at bodies is shown them on their way.
    mutating func move(
        _ count: UInt64,
        from source: BodySource,
        to sink: BodySink,
        showing: Bool,
        _ io: inout ReactorIO
    ) {
        relaying = count == .max ? 0 : count
        switch (source, sink) {
        case (.socket(let from), .socket(let to)): io.relay(from: from, to: to, count: count, showing: showing)
        }
    }

    /// Whether a relay moves bytes of it that are counted beforehand.
    var isMoving: Bool { relaying > 0 }

    /// The relay has come to its end.
    ///
    /// - Returns: how many bytes it has moved.
    mutating func moved() -> UInt64 {
        let count = relaying
        relaying = 0
        return count
    }

    /// Nothing more of it is moved.
    mutating func stop() { relaying = 0 }

    /// Reads no more of its source until its sink has taken what waits.
    mutating func hold(_ source: BodySource, _ io: inout ReactorIO) {
        waits = true
        source.pause(&io)
    }

    /// Its source is gone: there is nothing to be read on.
    mutating func lost() { waits = false }

    /// Its sink has taken what waited.
    ///
    /// - Returns: whether its source was held for that: it is to be read on, unless a limit has it wait.
    mutating func drained() -> Bool {
        let wasHeld = waits
        waits = false
        return wasHeld
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
    func source(_ way: Way) -> BodySource { .socket(way == .up ? token : upstream) }

    /// Where the bytes of this way go.
    @inline(__always)
    func sink(_ way: Way) -> BodySink { .socket(way == .up ? upstream : token) }
}
