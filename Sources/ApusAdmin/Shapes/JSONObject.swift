internal import ApusFlow
internal import ApusWire

/// A JSON object in the making, as bytes.
struct JSONObject {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    /// The whole object.
    var closed: [UInt8] { bytes + [UInt8(ascii: "}")] }

    /// An object of what is added.
    static func of(_ fill: (inout JSONObject) -> Void) -> [UInt8] {
        var object = JSONObject()
        fill(&object)
        return object.closed
    }

    /// Values that are JSON already, one behind the other.
    static func array(_ values: some Sequence<[UInt8]>) -> [UInt8] {
        [UInt8(ascii: "[")] + values.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
    }

    /// A string.
    static func string(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = [0x22]
        TextEscape.json.write(text, into: &bytes)
        bytes.append(0x22)
        return bytes
    }

    /// A value that is JSON already.
    mutating func add(_ name: String, _ value: [UInt8]) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes += JSONObject.string(name)
        bytes.append(UInt8(ascii: ":"))
        bytes += value
    }

    /// A text; null where there is none.
    mutating func add(_ name: String, _ text: String?) {
        add(name, text.map(JSONObject.string) ?? Array("null".utf8))
    }

    mutating func add(_ name: String, _ number: UInt64) { add(name, Array("\(number)".utf8)) }
    mutating func add(_ name: String, _ number: Int) { add(name, Array("\(number)".utf8)) }
    mutating func add(_ name: String, _ truth: Bool) { add(name, Array("\(truth)".utf8)) }

    /// A number with three decimals at most; null where there is none.
    mutating func add(_ name: String, _ number: Double?) {
        guard let number, number.isFinite else { return add(name, Array("null".utf8)) }
        add(name, Array("\((number * 1000).rounded() / 1000)".utf8))
    }
}
