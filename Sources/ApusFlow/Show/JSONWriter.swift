import ApusWire

/// Writes JSON (RFC 8259) a member at a time; the commas are its own business.
package struct JSONWriter {
    /// What is written so far.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Begins with nothing.
    package init() {}

    /// Writes an object; without a name it is an element of an array, or the whole.
    package mutating func object(_ name: StaticString? = nil, _ members: (inout JSONWriter) -> Void) {
        nest(name, "{", "}", members)
    }

    /// Writes an array.
    package mutating func array(_ name: StaticString? = nil, _ elements: (inout JSONWriter) -> Void) {
        nest(name, "[", "]", elements)
    }

    /// Writes a string.
    package mutating func text(_ name: StaticString? = nil, _ value: String) {
        begin(name)
        bytes.append(UInt8(ascii: "\""))
        TextEscape.json.write(value, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a whole number.
    package mutating func number(_ name: StaticString? = nil, _ value: Int64) {
        begin(name)
        bytes.write(decimal: value)
    }

    /// Writes microseconds as milliseconds with their fraction: 1500 becomes `1.5`.
    package mutating func milliseconds(_ name: StaticString? = nil, _ micros: Int64) {
        begin(name)
        let (whole, fraction) = micros.magnitude.quotientAndRemainder(dividingBy: 1000)
        if micros < 0 { bytes.append(0x2d) }
        bytes.write(decimal: whole)
        guard fraction > 0 else { return }
        bytes.append(Ascii.dot)
        bytes.write(Int(fraction), digits: 3)
        while bytes.last == Ascii.zero { bytes.removeLast() }
    }

    /// Writes `true` or `false`.
    package mutating func truth(_ name: StaticString? = nil, _ value: Bool) {
        begin(name)
        bytes.write(text: value ? "true" : "false")
    }

    /// Writes what is JSON already.
    package mutating func raw(_ name: StaticString? = nil, _ value: some Sequence<UInt8>) {
        begin(name)
        bytes.append(contentsOf: value)
    }

    private mutating func nest(
        _ name: StaticString?,
        _ opening: StaticString,
        _ closing: StaticString,
        _ content: (inout JSONWriter) -> Void
    ) {
        begin(name)
        bytes.write(text: opening)
        needsComma = false
        content(&self)
        bytes.write(text: closing)
        needsComma = true
    }

    private mutating func begin(_ name: StaticString?) {
        if needsComma { bytes.append(Ascii.comma) }
        needsComma = true
        guard let name else { return }
        bytes.append(UInt8(ascii: "\""))
        bytes.write(text: name)
        bytes.write(text: "\":")
    }
}
