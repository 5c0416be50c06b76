/// Writes a head or a log line piece by piece; once a piece does not fit, nothing more is written.
package struct HeadWriter {
    package private(set) var at: Int
    private var overflowed = false

    /// Begins at an offset.
    package init(at: Int) { self.at = at }

    @inline(__always)
    package mutating func write(_ source: Span<UInt8>, _ range: ByteRange, to target: inout MutableSpan<UInt8>) {
        guard !overflowed, let end = copy(source, range.range, to: &target, at: at) else {
            overflowed = true
            return
        }
        at = end
    }

    @inline(__always)
    package mutating func write(byte: UInt8, to target: inout MutableSpan<UInt8>) {
        guard !overflowed, at < target.count else {
            overflowed = true
            return
        }
        target[at] = byte
        at &+= 1
    }

    /// Writes a number in decimal.
    package mutating func write(number: UInt64, to target: inout MutableSpan<UInt8>) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        var rest = number
        repeat {
            first &-= 1
            digits[first] = Ascii.zero &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        write(digits.span, ByteRange(first, 20), to: &target)
    }

    /// Where the head ends, or `nil` when it did not fit.
    @inline(__always)
    package var end: Int? { overflowed ? nil : at }
}
