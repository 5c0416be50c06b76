internal import ApusWire

/// What must outlive the read it came in: the outgoing head while the origin is reached (and until its first byte, for
/// a second try), and the words of the request for its record.
struct KeptRequest {
    /// The outgoing head, then the host, then the host that is dialled in its place.
    var bytes: [UInt8]
    /// As small as they may be, for each idle tunnel has some; no head is longer than ``ProxyConfiguration/largestHead``.
    private var lengths = (head: UInt32(0), path: UInt32(0), method: UInt32(0), host: UInt16(0), dial: UInt16(0))

    /// A block of the usual size.
    static let size = 4096

    init() { bytes = [UInt8](repeating: 0, count: KeptRequest.size) }

    var head: Int {
        get { Int(lengths.head) }
        set { lengths.head = UInt32(clamping: newValue) }
    }

    var path: Int {
        get { Int(lengths.path) }
        set { lengths.path = UInt32(clamping: newValue) }
    }

    var method: Int {
        get { Int(lengths.method) }
        set { lengths.method = UInt32(clamping: newValue) }
    }

    /// A host name has 255 bytes at most.
    var host: Int {
        get { Int(lengths.host) }
        set { lengths.host = UInt16(clamping: newValue) }
    }

    /// 0 unless an embedder's policy routes elsewhere; in a tunnel, unless its ClientHello named another host.
    var dial: Int {
        get { Int(lengths.dial) }
        set { lengths.dial = UInt16(clamping: newValue) }
    }

    /// The runs of the record's words.
    var methodRange: Range<Int> { 0..<method }
    var pathRange: Range<Int> { path > 0 ? method + 1..<method + 1 + path : 0..<0 }
    var hostRange: Range<Int> { head..<head + host }
    /// The host that is looked up and dialled.
    var dialRange: Range<Int> { dial > 0 ? head + host..<head + host + dial : hostRange }

    /// A run as text; what is no UTF-8 is replaced.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// The thread's kept requests: blocks that are used again, newest first.
struct KeptRequests: ~Copyable {
    private var blocks: [KeptRequest] = []
    private var free: [UInt32] = []
    /// How many idle blocks are held for the next requests; the rest of a burst is given back.
    private static let spare = 256

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
        return index
    }

    subscript(index: UInt32) -> KeptRequest { blocks[Int(index)] }

    /// Changes the fields of a kept head; its words stay.
    mutating func change(_ index: UInt32, _ changes: FieldChanges) {
        let old = blocks[Int(index)]
        let head = changes.applied(to: old.bytes.span.extracting(0..<old.head))
        let names = old.bytes[old.head..<max(old.dialRange.upperBound, old.hostRange.upperBound)]
        var bytes = head + names
        if bytes.count < KeptRequest.size { bytes += [UInt8](repeating: 0, count: KeptRequest.size - bytes.count) }
        blocks[Int(index)].bytes = bytes
        blocks[Int(index)].head = head.count
    }

    /// Has another host dialled for a request; its words stay.
    mutating func route(_ index: UInt32, to host: [UInt8]) {
        let start = blocks[Int(index)].hostRange.upperBound
        let end = min(blocks[Int(index)].bytes.count, start + host.count)
        blocks[Int(index)].bytes.replaceSubrange(start..<end, with: host)
        blocks[Int(index)].dial = host.count
    }

    /// Another block with the words only, of just their size.
    mutating func compact(_ index: UInt32) -> UInt32 {
        guard index != KeptRequests.none else { return index }
        let old = blocks[Int(index)]
        let words = old.path > 0 ? old.method + 1 + old.path : old.method
        let new = free.popLast() ?? UInt32(blocks.count)
        if new == blocks.count { blocks.append(KeptRequest()) }
        blocks[Int(new)].bytes = Array(old.bytes[0..<words] + old.bytes[old.hostRange])
        blocks[Int(new)].head = words
        blocks[Int(new)].method = old.method
        blocks[Int(new)].path = old.path
        blocks[Int(new)].host = old.host
        blocks[Int(new)].dial = 0
        return new
    }

    /// Gives a block back.
    mutating func release(_ index: inout UInt32) {
        guard index != KeptRequests.none else { return }
        if blocks[Int(index)].bytes.count != KeptRequest.size || free.count >= KeptRequests.spare {
            blocks[Int(index)].bytes = []
        }
        free.append(index)
        index = KeptRequests.none
    }

    private mutating func take(_ count: Int) -> UInt32 {
        let index: UInt32
        if let last = free.popLast() {
            index = last
        } else {
            index = UInt32(blocks.count)
            blocks.append(KeptRequest())
        }
        if blocks[Int(index)].bytes.count < count {
            blocks[Int(index)].bytes = [UInt8](repeating: 0, count: max(count, KeptRequest.size))
        }
        return index
    }
}
