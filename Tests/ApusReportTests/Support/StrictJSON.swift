/// A strict reader of RFC 8259, small enough to be trusted: an object of strings, numbers and literals.
struct StrictJSON {
    struct Malformed: Error {
        let at: Int
    }

    private let bytes: [UInt8]
    private var at = 0

    /// The members of the object that is the whole of `bytes`; numbers and literals as they are written.
    static func members(_ bytes: some Sequence<UInt8>) throws -> [String: String] {
        let all = Array(bytes)
        guard String(validating: all, as: UTF8.self) != nil else { throw Malformed(at: -1) }
        var reader = StrictJSON(bytes: all)
        let members = try reader.object()
        guard reader.at == all.count else { throw Malformed(at: reader.at) }
        return members
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func object() throws -> [String: String] {
        var members: [String: String] = [:]
        try expect("{")
        repeat {
            let key = try string()
            try expect(":")
            let value = try current() == UInt8(ascii: "\"") ? string() : bare()
            guard members.updateValue(value, forKey: key) == nil else { throw Malformed(at: at) }
        } while try accept(",")
        try expect("}")
        return members
    }

    private mutating func string() throws -> String {
        try expect("\"")
        var text: [UInt8] = []
        while try current() != UInt8(ascii: "\"") {
            let byte = try next()
            guard byte >= 0x20 else { throw Malformed(at: at) }
            if byte == UInt8(ascii: "\\") { text += try escape() } else { text.append(byte) }
        }
        at += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape() throws -> [UInt8] {
        let simple: [UInt8: UInt8] = [
            0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9,
        ]
        let byte = try next()
        if let plain = simple[byte] { return [plain] }
        guard byte == UInt8(ascii: "u") else { throw Malformed(at: at) }
        let digits = try (0..<4).map { _ in try next() }
        guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(value), digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { throw Malformed(at: at) }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func bare() throws -> String {
        let start = at
        while try current() != UInt8(ascii: ",") && (try current()) != UInt8(ascii: "}") { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard ["true", "false", "null"].contains(text) || Int64(text).map(String.init) == text else {
            throw Malformed(at: start)
        }
        return text
    }

    private func current() throws -> UInt8 {
        guard at < bytes.count else { throw Malformed(at: at) }
        return bytes[at]
    }

    private mutating func next() throws -> UInt8 {
        let byte = try current()
        at += 1
        return byte
    }

    private mutating func expect(_ character: Character) throws {
        guard try next() == character.asciiValue else { throw Malformed(at: at - 1) }
    }

    private mutating func accept(_ character: Character) throws -> Bool {
        guard try current() == character.asciiValue else { return false }
        at += 1
        return true
    }
}
