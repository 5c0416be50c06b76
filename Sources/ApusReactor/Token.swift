/// Names one socket of one reactor: the place of its state and how often that place was used before.
///
/// A token of a closed socket is stale, and every call with it does nothing. 8 bytes; the kernel hands the same 64 bits
/// back with each event.
public struct Token: Sendable, Hashable, BitwiseCopyable {
    /// The place in the reactor's table.
    public let index: UInt32
    /// Counts the sockets that had this place.
    public let generation: UInt32

    package init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    /// A token that never names a socket.
    public static let none = Token(index: .max, generation: 0)
}
