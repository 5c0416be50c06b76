/// A place in a handshake message that ``HandshakeRecords`` found whole, and how much is left of the vector that is being read
/// there. It steps over the headers of records, so that a reader need not know where they lie.
struct HandshakeCursor {
    private var at: Int
    private var fragmentEnd: Int
    /// How many bytes of the vector are left.
    private(set) var left: Int

    /// The message's body.
    ///
    /// - Parameter length: as the scan of the same bytes told it.
    init(_ bytes: Span<UInt8>, length: Int) throws(ClientHelloFault) {
        at = HandshakeRecords.headerSize
        fragmentEnd = at + HandshakeRecords.fragment(bytes, 0)
        left = HandshakeRecords.messageHeaderSize + length
        try skip(HandshakeRecords.messageHeaderSize, bytes)
    }

    /// A number of so many bytes, at most 3, the highest first.
    mutating func number(_ size: Int, _ bytes: Span<UInt8>) throws(ClientHelloFault) -> Int {
        guard size <= left else { throw .structure }
        var value = 0
        for _ in 0..<size {
            enterFragment(bytes)
            value = value << 8 | Int(bytes[at])
            at += 1
        }
        left -= size
        return value
    }

    /// Passes over so many bytes.
    mutating func skip(_ count: Int, _ bytes: Span<UInt8>) throws(ClientHelloFault) {
        guard count <= left else { throw .structure }
        var rest = count
        while rest > 0 {
            enterFragment(bytes)
            let step = min(rest, fragmentEnd - at)
            at += step
            rest -= step
        }
        left -= count
    }

    /// A vector with its length in front, in so many bytes (RFC 8446 §3.4): a cursor of its own; this one goes on behind it.
    mutating func vector(_ size: Int, _ bytes: Span<UInt8>) throws(ClientHelloFault) -> HandshakeCursor {
        let count = try number(size, bytes)
        var content = self
        content.left = count
        try skip(count, bytes)
        return content
    }

    /// Steps into the next record when this one is read.
    private mutating func enterFragment(_ bytes: Span<UInt8>) {
        guard at == fragmentEnd else { return }
        fragmentEnd = at + HandshakeRecords.headerSize + HandshakeRecords.fragment(bytes, at)
        at += HandshakeRecords.headerSize
    }
}
