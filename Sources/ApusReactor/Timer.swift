/// Names one deadline of a handler: of what kind it is, which one of that kind, and which of those that had this place one after the other.
///
/// What the numbers stand for is the handler's: a deadline belongs to a session, a request, a dial or a tunnel, not to a socket. A kind and
/// an index have one deadline at a time; the serial comes back with `expired`, and tells a late one of what was there before.
public struct Timer: Sendable, Hashable, BitwiseCopyable {
    /// Kinds are below this.
    public static let kinds: UInt8 = 15
    /// Indices are below this: a thread has no more sockets either.
    public static let limit: UInt32 = 4 << 20

    /// What kind of deadline it is, from 0.
    public let kind: UInt8
    /// Which one of its kind.
    public let index: UInt32
    /// Which of those that had this place.
    public let serial: UInt32

    /// Names a deadline; one beyond ``kinds`` or ``limit`` is never armed.
    @inline(__always)
    public init(kind: UInt8, index: UInt32, serial: UInt32) {
        self.kind = kind
        self.index = index
        self.serial = serial
    }

    /// A deadline of a socket.
    public init(kind: UInt8, _ token: Token) { self.init(kind: kind, index: token.index, serial: token.generation) }

    /// The socket that it is of, where it is of one.
    public var token: Token { Token(index: index, generation: serial) }
}
