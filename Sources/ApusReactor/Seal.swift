/// What stands between a socket's bytes and those of its user: it encrypts, frames, or changes them otherwise.
///
/// Bytes in, bytes out: it knows no socket, never waits, and keeps no hold of what it is given. All calls come on the reactor's thread. A
/// socket has one seal; a seal within another is a seal of its own.
public protocol Seal: AnyObject {
    /// Opens bytes as they came from the peer. All of them are taken: of a frame that is not whole the seal carries the part over, no more
    /// than ``SealRoom/carried`` bytes.
    ///
    /// - Parameters:
    ///   - sealed: at most ``SealRoom/opened`` bytes. The first call comes with none where nothing has come yet: who speaks first begins.
    ///   - clear: gets what was opened. There is room for all of `sealed` and all that was carried over.
    ///   - reply: gets what is to go to the peer, in front of all that is sealed later. ``SealRoom/sealed`` bytes.
    /// - Returns: how much was written, and where the conversation stands now.
    func open(_ sealed: Span<UInt8>, into clear: inout MutableSpan<UInt8>, reply: inout MutableSpan<UInt8>)
        -> SealProgress

    /// Seals two runs of bytes, one behind the other, all of them. It is not called before the seal is open.
    ///
    /// - Parameters:
    ///   - first: with `second` at most ``SealRoom/clear`` bytes, at least one.
    ///   - sealed: ``SealRoom/sealed`` bytes.
    /// - Returns: how much was written; 0 where the seal is broken.
    func seal(_ first: Span<UInt8>, _ second: Span<UInt8>, into sealed: inout MutableSpan<UInt8>) -> Int

    /// Tells the peer that nothing more is sealed: TLS calls it close_notify (RFC 8446 §6.1). Opening goes on.
    ///
    /// - Parameter sealed: ``SealRoom/sealed`` bytes.
    /// - Returns: how much was written; 0 for nothing.
    func finish(into sealed: inout MutableSpan<UInt8>) -> Int
}

/// What a ``Seal`` has come to.
public struct SealProgress: Sendable, BitwiseCopyable {
    /// Where its conversation with the other side stands.
    public enum State: Sendable, BitwiseCopyable {
        /// The handshake is under way.
        case opening
        /// Bytes can pass, both ways.
        case open
        /// The peer has said that nothing more comes; it can still be sent to.
        case finished
        /// What came is no sealed byte of this peer's: nothing more can be opened.
        case broken
    }

    /// How many bytes were opened. What was opened before it broke counts.
    public var clear: Int
    /// How many bytes are to go to the peer; an alert where it broke.
    public var reply: Int
    public var state: State

    public init(clear: Int, reply: Int, state: State) {
        self.clear = clear
        self.reply = reply
        self.state = state
    }
}

/// What an end is worth that the peer did not announce by its seal, only by FIN: anybody on the way can send one.
public enum EndRule: Sendable {
    /// The bytes are cut short: `failed` says ``SocketError/truncated``. For who answers (RFC 9112 §9.8).
    case strict
    /// It is an end: `ended`. For clients, of which many say nothing.
    case lenient
}

/// How many bytes are handed to a ``Seal`` at once, and how many it may answer with.
public enum SealRoom {
    /// Of a frame that is not whole: one of TLS has 16 KiB and some.
    public static let carried = 17 << 10
    /// What is opened at once at most: 128 KiB.
    public static let opened = ReactorIO.inputCapacity
    /// What is sealed at once at most: 192 KiB.
    public static let clear = 192 << 10
    /// What may come of it, and what a reply may be: 256 KiB.
    public static let sealed = 256 << 10

    /// What is read at once: with what was carried over, no more than of a plain socket, which its user may leave as a whole.
    static let read = ReactorIO.inputCapacity - carried
}
