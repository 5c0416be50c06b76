/// Groups that a policy's rules name, by number: those that an authenticator knows a user to be in.
///
/// Of a fixed size, so that it can be kept beside a proof and asked with at no cost; made by ``CompiledPolicy/groupSet(_:)``,
/// and meant for that policy alone.
public struct GroupSet: Sendable, Hashable, BitwiseCopyable {
    /// The most groups that the rules of a policy may name.
    public static let capacity = 256

    private var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))

    /// No group.
    public init() {}

    /// Whether there is none.
    public var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    /// Adds a group; one beyond the capacity is passed over.
    mutating func insert(_ number: Int) {
        let bit = UInt64(1) << UInt64(number & 63)
        switch number >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        case 3: words.3 |= bit
        default: break
        }
    }

    /// Shows the numbers in order.
    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
        GroupSet.show(words.0, from: 0, body)
        GroupSet.show(words.1, from: 64, body)
        GroupSet.show(words.2, from: 128, body)
        GroupSet.show(words.3, from: 192, body)
    }

    @inline(__always)
    private static func show(_ word: UInt64, from first: Int, _ body: (Int) -> Void) {
        var left = word
        while left != 0 {
            body(first &+ left.trailingZeroBitCount)
            left &= left &- 1
        }
    }

    public static func == (left: GroupSet, right: GroupSet) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
