internal import CApusReactor

/// A file descriptor that closes itself when its owner is gone.
public struct Descriptor: ~Copyable, Sendable {
    /// The kernel's number; it stays this owner's.
    public let number: Int32

    /// Takes over an open descriptor.
    public init(adopting number: Int32) {
        self.number = number
    }

    deinit {
        apus_close(number)
    }

    /// Gives the number up without closing it, to be adopted elsewhere (a number may go to another thread, an owner not).
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }
}
