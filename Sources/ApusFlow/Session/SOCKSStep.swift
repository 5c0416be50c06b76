/// What a ``SOCKSSession`` asks of the shell after a message.
public struct SOCKSStep: Sendable, Equatable {
    /// How the connection goes on.
    public enum Next: Sendable, Equatable {
        /// The next message is read.
        case reads
        /// The credentials are to be verified, and nothing is read until they are.
        case verifies
        /// The request is to be decided.
        case decides
        /// It ends; the answer is that to the fault.
        case refuses(Fault)
    }

    /// What is sent first.
    public let answer: SOCKSAnswer?
    /// How the connection goes on.
    public let next: Next

    init(_ answer: SOCKSAnswer?, _ next: Next) {
        self.answer = answer
        self.next = next
    }
}

/// What is sent to a client of SOCKS: ten bytes at most.
public struct SOCKSAnswer: Sendable, Equatable {
    private var storage = InlineArray<10, UInt8>(repeating: 0)
    /// How many bytes it has.
    public let count: Int

    init<let size: Int>(_ bytes: InlineArray<size, UInt8>) {
        count = size
        for place in 0..<min(size, 10) { storage[place] = bytes[place] }
    }

    /// Shows the bytes.
    public func with<Result>(_ body: (Span<UInt8>) -> Result) -> Result { body(storage.span.extracting(0..<count)) }

    public static func == (left: SOCKSAnswer, right: SOCKSAnswer) -> Bool {
        left.count == right.count && left.storage.indices.allSatisfy { left.storage[$0] == right.storage[$0] }
    }
}
