/// The TLS records at the front of a client's bytes, as far as they make up its first handshake message (RFC 8446 §5.1).
///
/// A message may be cut into records anywhere, also in its header. Nothing is put together: the records are walked, first to
/// know whether the message is whole (``scan(_:limit:)``), then to read it (``HandshakeCursor``).
enum HandshakeRecords {
    /// Kind, version and length in front of each fragment.
    static let headerSize = 5
    /// Type and length in front of the message.
    static let messageHeaderSize = 4
    /// The longest fragment (RFC 8446 §5.1).
    static let longestFragment = 1 << 14
    /// More records than this carry no message: it bounds what their headers add, and how much there is to walk. Clients send
    /// one record, those that hide from filters a handful.
    static let mostRecords = 64

    /// What a look at the bytes so far says.
    enum Scan: Sendable, Equatable {
        /// No fault yet, and no end; show the same bytes with more behind them.
        case incomplete
        /// The message is whole; so long is its body.
        case whole(length: Int)
        /// The bytes are no handshake of TLS at all.
        case notTLS
        /// They begin as one, and are none.
        case malformed(ClientHelloFault)
    }

    /// Looks for a whole ClientHello.
    ///
    /// - Parameter limit: the most bytes the message may take, its own header included, those of records not.
    static func scan(_ bytes: Span<UInt8>, limit: Int) -> Scan {
        var at = 0
        var seen = 0
        var length = 0
        for number in 0..<mostRecords {
            if let early = header(bytes, at, isFirst: number == 0) { return early }
            at += headerSize
            let end = at + fragment(bytes, at - headerSize)
            while seen < messageHeaderSize, at < min(end, bytes.count) {
                if seen == 0, bytes[at] != clientHello { return .malformed(.otherMessage) }
                if seen > 0 { length = length << 8 | Int(bytes[at]) }
                seen += 1
                at += 1
            }
            if seen >= messageHeaderSize {
                guard length <= limit - messageHeaderSize else { return .malformed(.tooLarge) }
                // A client has nothing more to say in the clear before it has an answer.
                guard seen + end - at <= length + messageHeaderSize else { return .malformed(.structure) }
            }
            guard end <= bytes.count else { return .incomplete }
            seen += end - at
            at = end
            if seen == length + messageHeaderSize { return .whole(length: length) }
        }
        return .malformed(.tooManyRecords)
    }

    /// Judges a record's header byte by byte as they come; nil when it is whole and sound.
    private static func header(_ bytes: Span<UInt8>, _ at: Int, isFirst: Bool) -> Scan? {
        let other: Scan = isFirst ? .notTLS : .malformed(.otherRecord)
        guard at < bytes.count else { return .incomplete }
        guard isFirst ? kinds.contains(bytes[at]) : bytes[at] == handshake else { return other }
        guard at + 1 < bytes.count else { return .incomplete }
        guard isFirst ? bytes[at + 1] < firstVersionOfNone : bytes[at + 1] == 3 else { return other }
        // Servers that pass over a warning in front of a ClientHello read the one behind it.
        guard bytes[at] == handshake else { return .malformed(.otherRecord) }
        guard at + 2 < bytes.count else { return .incomplete }
        // TLS 1.0 to 1.2; 1.3 writes one of these (RFC 8446 §5.1).
        guard isFirst || 1...3 ~= bytes[at + 2] else { return other }
        guard at + headerSize <= bytes.count else { return .incomplete }
        guard 1...longestFragment ~= fragment(bytes, at) else { return .malformed(.recordLength) }
        return nil
    }

    /// The length of the fragment whose header begins here.
    static func fragment(_ bytes: Span<UInt8>, _ at: Int) -> Int { Int(bytes[at + 3]) << 8 | Int(bytes[at + 4]) }

    private static let handshake: UInt8 = 22
    /// Every kind of record there is (RFC 8446 §B.1), and that of RFC 6520.
    private static let kinds: ClosedRange<UInt8> = 20...24
    /// A server ignores the version of the first record (RFC 8446 §5.1), or looks whether it is absurd, as Go's does: what it reads
    /// as TLS has to be read as TLS here.
    private static let firstVersionOfNone: UInt8 = 16
    private static let clientHello: UInt8 = 1
}
