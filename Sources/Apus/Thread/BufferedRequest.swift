internal import ApusWire

/// What must outlive the read it came in: the outgoing head while the origin is reached (and until its first byte, for
/// a second try), and the words of the request for its record.
struct BufferedRequest {
    /// The outgoing head, then the host, then the host that is dialled in its place.
    var bytes: [UInt8]
    /// How long the head and its words are.
    var head = 0
    var path = 0
    var method = 0
    var host = 0
    /// 0 unless an embedder's policy routes elsewhere; of a tunnel that has ended, unless its ClientHello named another host.
    var dial = 0
    /// The run of the head that is sent: its own, or one that stands behind all others.
    var sent = 0..<0

    /// The smallest block: the words of a tunnel that is being opened, or a program's plain request.
    static let smallest = 512

    init() { bytes = [UInt8](repeating: 0, count: BufferedRequest.smallest) }

    /// The words alone, without a head to send.
    init(
        method: some Sequence<UInt8>,
        path: some Sequence<UInt8>,
        host: some Sequence<UInt8>,
        dial: some Sequence<UInt8>
    ) {
        bytes = Array(method)
        self.method = bytes.count
        bytes.append(UInt8(ascii: " "))
        bytes += path
        self.path = bytes.count - self.method - 1
        head = bytes.count
        bytes += host
        self.host = bytes.count - head
        bytes += dial
        self.dial = bytes.count - head - self.host
    }

    /// The runs of the record's words.
    var methodRange: Range<Int> { 0..<method }
    var pathRange: Range<Int> { path > 0 ? method + 1..<method + 1 + path : 0..<0 }
    var hostRange: Range<Int> { head..<head + host }
    /// The host that is looked up and dialled.
    var dialRange: Range<Int> { dial > 0 ? head + host..<head + host + dial : hostRange }

    /// Shows the words that rules are asked about.
    @inline(__always)
    func with<R>(_ body: (_ method: Span<UInt8>, _ host: Span<UInt8>, _ path: Span<UInt8>) -> R) -> R {
        let bytes = bytes.span
        return body(bytes.extracting(methodRange), bytes.extracting(hostRange), bytes.extracting(pathRange))
    }

    /// Path and query as text.
    var pathText: String { PathText.text(of: bytes[pathRange]) }

    /// A run as text; what is no UTF-8 is replaced.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// The thread's kept requests: blocks that are used again, newest first.
struct RequestBufferPool: ~Copyable {
    private var blocks: [BufferedRequest] = []
    private var free: [UInt32] = []
    /// How many idle blocks are held for the next requests; the rest of a burst is given back.
    private static let spare = 256
    /// No larger block is held.
    private static let largestSpare = 4096

    /// No block.
    static let none = UInt32.max

    /// Keeps an outgoing head and the host.
    mutating func keep(
        head: borrowing MutableSpan<UInt8>,
        count: Int,
        method: Int,
        path: Int,
        host: Span<UInt8>
    ) -> UInt32 {
        let index = take(count + host.count)
        var target = blocks[Int(index)].bytes.mutableSpan
        let source = head.span
        var at = copy(source, 0..<count, to: &target, at: 0) ?? 0
        at = copy(host, 0..<host.count, to: &target, at: at) ?? at
        blocks[Int(index)].head = count
        blocks[Int(index)].method = method
        blocks[Int(index)].path = path
        blocks[Int(index)].host = host.count
        blocks[Int(index)].dial = 0
        blocks[Int(index)].sent = 0..<count
        return index
    }

    subscript(index: UInt32) -> BufferedRequest { blocks[Int(index)] }

    /// Shows the words that rules are asked about, in place: all that is not these requests may be changed meanwhile.
    @inline(__always)
    borrowing func with<R>(
        _ index: UInt32,
        _ body: (_ method: Span<UInt8>, _ host: Span<UInt8>, _ path: Span<UInt8>) -> R
    ) -> R {
        // A block that is reached by a span is not copied, and no reference counted.
        let blocks = blocks.span
        return blocks[Int(index)].with(body)
    }

    /// Shows a request whole in the same way.
    @inline(__always)
    borrowing func lend<R>(_ index: UInt32, _ body: (BufferedRequest) -> R) -> R {
        let blocks = blocks.span
        return body(blocks[Int(index)])
    }

    /// Shows the head that is sent in the same way.
    @inline(__always)
    borrowing func withHead<R>(_ index: UInt32, _ body: (Span<UInt8>) -> R) -> R {
        let blocks = blocks.span
        return body(blocks[Int(index)].bytes.span.extracting(blocks[Int(index)].sent))
    }

    /// Shows the host that is looked up and dialled in the same way.
    @inline(__always)
    borrowing func withDialledHost<R>(_ index: UInt32, _ body: (Span<UInt8>) -> R) -> R {
        let blocks = blocks.span
        return body(blocks[Int(index)].bytes.span.extracting(blocks[Int(index)].dialRange))
    }

    /// Has another host dialled for a request; its words stay.
    mutating func route(_ index: UInt32, to host: [UInt8]) {
        let start = blocks[Int(index)].hostRange.upperBound
        let end = min(blocks[Int(index)].bytes.count, start + host.count)
        blocks[Int(index)].bytes.replaceSubrange(start..<end, with: host)
        blocks[Int(index)].dial = host.count
    }

    /// Has another head sent for a request, made of its own one and its words; these stay.
    mutating func send(_ index: UInt32, _ make: (_ head: Span<UInt8>, _ method: Int, _ host: Span<UInt8>) -> [UInt8]) {
        let other = made(index, make)
        let start = max(blocks[Int(index)].hostRange.upperBound, blocks[Int(index)].dialRange.upperBound)
        let end = min(blocks[Int(index)].bytes.count, start + other.count)
        blocks[Int(index)].bytes.replaceSubrange(start..<end, with: other)
        blocks[Int(index)].sent = start..<start + other.count
    }

    private borrowing func made(
        _ index: UInt32,
        _ make: (_ head: Span<UInt8>, _ method: Int, _ host: Span<UInt8>) -> [UInt8]
    ) -> [UInt8] {
        let blocks = blocks.span
        let bytes = blocks[Int(index)].bytes.span
        return make(
            bytes.extracting(0..<blocks[Int(index)].head),
            blocks[Int(index)].method,
            bytes.extracting(blocks[Int(index)].dialRange)
        )
    }

    /// Has its own head sent for a request.
    mutating func sendOwnHead(_ index: UInt32) { blocks[Int(index)].sent = 0..<blocks[Int(index)].head }

    /// Gives a block back.
    mutating func release(_ index: inout UInt32) {
        guard index != RequestBufferPool.none else { return }
        if blocks[Int(index)].bytes.count > RequestBufferPool.largestSpare || free.count >= RequestBufferPool.spare {
            blocks[Int(index)].bytes = []
        }
        free.append(index)
        index = RequestBufferPool.none
    }

    private mutating func take(_ count: Int) -> UInt32 {
        let index: UInt32
        if let last = free.popLast() {
            index = last
        } else {
            index = UInt32(blocks.count)
            blocks.append(BufferedRequest())
        }
        if blocks[Int(index)].bytes.count < count {
            // By doubling, so that a block soon has room for what a client sends.
            var room = BufferedRequest.smallest
            while room < count { room *= 2 }
            blocks[Int(index)].bytes = [UInt8](repeating: 0, count: room)
        }
        return index
    }
}
