/// What a TLS client says in the clear before anything is encrypted (RFC 8446 §4.1.2), as far as a proxy has to know it.
///
/// Only the first ClientHello is read: behind a HelloRetryRequest the same one must come again (RFC 8446 §4.1.2).
public struct ClientHello: Sendable {
    /// The default limit of the message, in bytes. Browsers send 1,700 to 2,000 with a post-quantum key share.
    public static let defaultLimit = 16 << 10

    /// The name in its normal form: a copy, for it may lie in several records.
    private var storage = InlineArray<256, UInt8>(repeating: 0)
    private var count = 0

    /// Whether it bears an encrypted ClientHello (RFC 9849 §5, extension 0xfe0d), true or as GREASE (§6.2), which cannot be told
    /// apart. ``name`` is then the outer one: the only one that is to be seen, and the only one that can be judged.
    public private(set) var isEncrypted = false

    /// Whether it names a server.
    public var hasName: Bool { count > 0 }

    /// The name it asks for (RFC 6066 §3), in lower case; empty when it names none.
    public var name: String { String(decoding: nameBytes, as: UTF8.self) }

    /// The same as bytes.
    public var nameBytes: [UInt8] { (0..<count).map { storage[$0] } }

    /// Whether it asks for this host.
    ///
    /// - Parameter host: in normal form: lower case, without a trailing dot (``HostName``).
    public func asks(for host: Span<UInt8>) -> Bool {
        guard hasName, count == host.count else { return false }
        for i in 0..<count where storage[i] != host[i] { return false }
        return true
    }

    /// What stands at the front of a client's bytes.
    public enum Reading: Sendable {
        /// No fault yet, and no end; show the same bytes with more behind them.
        case incomplete
        /// A whole ClientHello.
        case hello(ClientHello)
        /// No TLS: another protocol.
        case notTLS
        /// It begins as TLS does, and is no ClientHello.
        case malformed(ClientHelloFault)
    }

    /// Reads the first ClientHello of a connection.
    ///
    /// - Parameters:
    ///   - bytes: all that the client has sent so far.
    ///   - limit: the most bytes the message may take, headers of records not counted.
    public static func read(_ bytes: Span<UInt8>, limit: Int = defaultLimit) -> Reading {
        switch HandshakeRecords.scan(bytes, limit: limit) {
        case .incomplete: return .incomplete
        case .notTLS: return .notTLS
        case .malformed(let fault): return .malformed(fault)
        case .whole(let length):
            do throws(ClientHelloFault) {
                return .hello(try ClientHello(bytes, length: length))
            } catch {
                return .malformed(error)
            }
        }
    }

    /// RFC 8446 §4.1.2.
    private init(_ bytes: Span<UInt8>, length: Int) throws(ClientHelloFault) {
        var message = try HandshakeCursor(bytes, length: length)
        guard try message.number(1, bytes) == 3 else { throw .structure }
        // The rest of the version, and the random.
        try message.skip(1 + 32, bytes)
        let session = try message.vector(1, bytes)
        let suites = try message.vector(2, bytes)
        let compressions = try message.vector(1, bytes)
        guard session.left <= 32, suites.left >= 2, suites.left % 2 == 0, compressions.left > 0 else {
            throw .structure
        }
        // Before TLS 1.3 there need not be any (RFC 5246 §7.4.1.2).
        if message.left == 0 { return }
        var extensions = try message.vector(2, bytes)
        guard message.left == 0 else { throw .structure }
        while extensions.left > 0 {
            let kind = try extensions.number(2, bytes)
            let content = try extensions.vector(2, bytes)
            switch kind {
            case ClientHello.serverName:
                guard !hasName else { throw .repeatedExtension }
                try readName(content, bytes)
            case ClientHello.encryptedClientHello:
                guard !isEncrypted else { throw .repeatedExtension }
                isEncrypted = true
            default: break
            }
        }
    }

    /// One entry, a host name; RFC 6066 §3 defines no other kind and allows one name of a kind.
    private mutating func readName(_ content: HandshakeCursor, _ bytes: Span<UInt8>) throws(ClientHelloFault) {
        do throws(ClientHelloFault) {
            var content = content
            var list = try content.vector(2, bytes)
            guard content.left == 0, try list.number(1, bytes) == 0 else { throw .serverNameList }
            var name = try list.vector(2, bytes)
            guard list.left == 0, name.left > 0 else { throw .serverNameList }
            guard name.left <= HostName.longestName else { throw .serverName }
            while name.left > 0 {
                storage[count] = HostName.lowercased(UInt8(truncatingIfNeeded: try name.number(1, bytes)))
                count += 1
            }
        } catch .structure {
            throw .serverNameList
        }
        guard storage[count - 1] != Ascii.dot, HostName.check(storage.span, 0..<count) == nil else { throw .serverName }
    }

    private static let serverName = 0
    private static let encryptedClientHello = 0xfe0d
}
