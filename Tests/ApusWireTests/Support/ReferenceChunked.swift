/// A naive reading of RFC 9112 §7.1 over a whole body at once, to hold the decoder against.
struct ReferenceChunked {
    enum Verdict: Equatable {
        case incomplete, complete(consumed: Int), faulty
    }

    private struct Stop: Error {
        let isFault: Bool
    }

    private let bytes: [UInt8]
    private var at = 0
    private(set) var verdict = Verdict.incomplete
    /// What passes with framing kept; up to the fault when there is one.
    private(set) var kept: [UInt8] = []
    /// What passes with framing stripped.
    private(set) var data: [UInt8] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        do {
            while try chunk() {}
            verdict = .complete(consumed: at)
        } catch let stop as Stop {
            verdict = stop.isFault ? .faulty : .incomplete
        } catch {
            verdict = .faulty
        }
    }

    private mutating func chunk() throws -> Bool {
        var digits = ""
        while let digit = try hexDigit() { digits.append(digit) }
        guard let size = UInt64(digits, radix: 16), size <= UInt64(Int64.max), digits.count <= 16 else {
            throw Stop(isFault: true)
        }
        while try chunkExtension() {}
        try expect("\r", keep: true)
        try expect("\n", keep: true)
        guard size > 0 else { return false }
        for _ in 0..<size {
            let byte = try next()
            kept.append(byte)
            data.append(byte)
        }
        try expect("\r", keep: true)
        try expect("\n", keep: true)
        return true
    }

    private mutating func hexDigit() throws -> Character? {
        let character = Character(UnicodeScalar(try peek()))
        guard character.isASCII, character.isHexDigit else { return nil }
        kept.append(try next())
        return character
    }

    private mutating func chunkExtension() throws -> Bool {
        let hadBlank = try blanks()
        guard try peek() == UInt8(ascii: ";") else {
            if hadBlank { throw Stop(isFault: true) }
            return false
        }
        at += 1
        _ = try blanks()
        try word()
        let before = at
        _ = try blanks()
        guard try peek() == UInt8(ascii: "=") else {
            at = before
            return true
        }
        at += 1
        _ = try blanks()
        if try peek() == UInt8(ascii: "\"") { try quoted() } else { try word() }
        return true
    }

    private mutating func quoted() throws {
        at += 1
        while true {
            var byte = try next()
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\") { byte = try next() }
            guard byte == 9 || (byte >= 32 && byte != 127) else { throw Stop(isFault: true) }
        }
    }

    private mutating func word() throws {
        let others = "!#$%&'*+-.^_`|~"
        var count = 0
        while true {
            let character = Character(UnicodeScalar(try peek()))
            guard character.isASCII, character.isLetter || character.isNumber || others.contains(character) else {
                break
            }
            at += 1
            count += 1
        }
        if count == 0 { throw Stop(isFault: true) }
    }

    private mutating func blanks() throws -> Bool {
        let before = at
        while try peek() == 32 || (try peek()) == 9 { at += 1 }
        return at > before
    }

    private mutating func expect(_ character: Character, keep: Bool) throws {
        let byte = try next()
        guard byte == character.asciiValue else { throw Stop(isFault: true) }
        if keep { kept.append(byte) }
    }

    private func peek() throws -> UInt8 {
        guard at < bytes.count else { throw Stop(isFault: false) }
        return bytes[at]
    }

    private mutating func next() throws -> UInt8 {
        let byte = try peek()
        at += 1
        return byte
    }
}
