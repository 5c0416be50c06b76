/// How much of an unfinished head has been looked at, so that one that comes in drips is not parsed anew for each of them.
///
/// A parser starts from the beginning each time it is asked: for a head of 64 KiB that comes byte by byte, two thousand
/// million steps. It is asked again only when a line has ended, which bounds it by the number of lines, or when the head
/// has grown by another step, which finds a line that never ends.
public struct PartialHead: Sendable, BitwiseCopyable {
    /// By how much a head grows, in bytes, before it is looked at without another line.
    static let step = 4096

    private var seen: UInt32 = 0

    /// No part of a head.
    public init() {}

    /// Whether a part of a head is there.
    @inline(__always)
    public var isBegun: Bool { seen > 0 }

    /// How many bytes of it are there.
    public var count: Int { Int(seen) }

    /// The head is whole, or none is awaited.
    @inline(__always)
    public mutating func reset() { seen = 0 }

    /// Whether the parser may come to another result than at the last look, of which `bytes` are the same and more; what
    /// came since is looked through for the end of a line. Notes how much is there.
    @inline(__always)
    public mutating func isWorthParsing(_ bytes: Span<UInt8>) -> Bool {
        if seen == 0 { return true }
        return hasGrown(bytes)
    }

    /// The parser found the head incomplete in so many bytes.
    @inline(__always)
    public mutating func wasIncomplete(at count: Int) { seen = UInt32(clamping: count) }

    private mutating func hasGrown(_ bytes: Span<UInt8>) -> Bool {
        var at = Int(seen)
        seen = UInt32(clamping: bytes.count)
        if bytes.count / PartialHead.step > at / PartialHead.step { return true }
        while at < bytes.count {
            if bytes[at] == Ascii.lf { return true }
            at &+= 1
        }
        return false
    }
}
