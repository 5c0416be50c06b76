/// What every writer of text into a byte array needs.
extension [UInt8] {
    /// Appends the UTF-8 of a text as it is. The text must be the caller's own, or be escaped already.
    @inline(__always)
    package mutating func write(text: String) {
        append(contentsOf: text.utf8)
    }

    /// Appends the UTF-8 of a literal.
    @inline(__always)
    package mutating func write(text: StaticString) {
        append(contentsOf: text.description.utf8)
    }

    /// Appends a number in decimal. (Not generic: callers in other modules would get the unspecialised form.)
    package mutating func write(decimal number: UInt64) {
        var rest = number
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        repeat {
            first -= 1
            digits[first] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in first..<20 { append(digits[index]) }
    }

    /// Appends a number in decimal.
    package mutating func write(decimal number: Int64) {
        if number < 0 { append(0x2d) }
        write(decimal: number.magnitude)
    }

    /// Appends a port or a status in decimal.
    package mutating func write(decimal number: UInt16) { write(decimal: UInt64(number)) }

    /// Appends a count in decimal.
    package mutating func write(decimal number: Int) { write(decimal: Int64(number)) }

    /// Appends the lowest `digits` decimal digits of a number that is not negative, with leading zeros.
    package mutating func write(_ number: Int, digits: Int) {
        var divisor = 1
        for _ in 1..<Swift.max(digits, 1) { divisor *= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends 64 bits as 16 lower-case hexadecimal digits: the form of a decision id.
    package mutating func write(hexadecimal number: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            append(Self.hexDigit(UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15))
        }
    }

    /// Appends a byte as two lower-case hexadecimal digits.
    package mutating func write(hexadecimal byte: UInt8) {
        append(Self.hexDigit(byte >> 4))
        append(Self.hexDigit(byte & 15))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
