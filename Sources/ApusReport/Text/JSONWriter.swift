import ApusWire

/// Writes JSON (RFC 8259) a member at a time; the commas are its own business.
package struct JSONWriter {
    /// What is written so far.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Begins with nothing.
    package init() {}

    /// A whole object.
    package static func object(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        json.object(nil, members)
        return json.bytes
    }

    /// A string alone.
    package static func string(_ text: String) -> [UInt8] {
        var json = JSONWriter()
        json.text(nil, text)
        return json.bytes
    }

    /// Writes an object; without a name it is an element of an array, or the whole.
    package mutating func object(_ name: StaticString? = nil, _ members: (inout JSONWriter) -> Void) {
        nest(name, "{", "}", members)
    }

    /// Writes an array.
    package mutating func array(_ name: StaticString? = nil, _ elements: (inout JSONWriter) -> Void) {
        nest(name, "[", "]", elements)
    }

    /// Writes an array of values that are JSON already.
    package mutating func array(_ name: StaticString?, of values: some Sequence<[UInt8]>) {
        array(name) { json in
            for value in values { json.raw(nil, value) }
        }
    }

    /// Writes a string; `null` for none.
    package mutating func text(_ name: StaticString? = nil, _ value: String?) {
        guard let value else { return raw(name, nil) }
        begin(name)
        bytes.append(UInt8(ascii: "\""))
        TextEscape.json.write(value, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a whole number.
    package mutating func number(_ name: StaticString? = nil, _ value: some BinaryInteger) {
        begin(name)
        bytes.write(text: String(value))
    }

    /// Writes a number with three decimals at most; `null` for none, or one that JSON has no word for.
    package mutating func decimal(_ name: StaticString? = nil, _ value: Double?) {
        guard let value, value.isFinite else { return raw(name, nil) }
        begin(name)
        bytes.write(text: String((value * 1000).rounded() / 1000))
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

    /// Writes what is JSON already; `null` for none.
    package mutating func raw(_ name: StaticString? = nil, _ value: [UInt8]?) {
        begin(name)
        if let value { bytes += value } else { bytes.write(text: "null") }
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
