/// The layout of TZif files (RFC 9636 §3).
enum TimeZoneFile {
    /// The counts of a header, in their order in the file.
    private struct Header {
        let version: UInt8
        let utIndicators: Int
        let standardIndicators: Int
        let leapSeconds: Int
        let times: Int
        let types: Int
        let characters: Int

        /// Reads one, of 44 bytes.
        init(_ reader: inout Reader) throws(TimeZoneFault) {
            for byte in "TZif".utf8 {
                guard try reader.next() == byte else { throw .noTimeZone }
            }
            version = try reader.next()
            try reader.skip(15)
            utIndicators = Int(try reader.unsigned(4))
            standardIndicators = Int(try reader.unsigned(4))
            leapSeconds = Int(try reader.unsigned(4))
            times = Int(try reader.unsigned(4))
            types = Int(try reader.unsigned(4))
            characters = Int(try reader.unsigned(4))
        }

        /// How long the data behind it are where a time takes so many bytes.
        func length(time: Int) -> Int {
            times * (time + 1) + types * 6 + characters + leapSeconds * (time + 4) + standardIndicators + utIndicators
        }
    }

    /// Bytes from the front, never beyond the end.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var left: Int { bytes.count - position }

        mutating func next() throws(TimeZoneFault) -> UInt8 {
            guard position < bytes.count else { throw .truncated }
            position += 1
            return bytes[position - 1]
        }

        mutating func skip(_ count: Int) throws(TimeZoneFault) {
            guard count <= left else { throw .truncated }
            position += count
        }

        /// A number of so many bytes, the highest first.
        mutating func unsigned(_ count: Int) throws(TimeZoneFault) -> UInt64 {
            var value: UInt64 = 0
            for _ in 0..<count { value = value << 8 | UInt64(try next()) }
            return value
        }

        /// A time in two's complement.
        mutating func time(_ count: Int) throws(TimeZoneFault) -> Int64 {
            let value = try unsigned(count)
            return count == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
        }
    }

    /// The offsets that a file may name: less than 25 hours west, less than 26 east (RFC 9636 §3.2).
    private static let offsets: ClosedRange<Int32> = -89_999...93_599

    /// Reads a whole file.
    static func read(_ bytes: [UInt8], name: String) throws(TimeZoneFault) -> TimeZoneRules {
        var reader = Reader(bytes: bytes)
        let old = try Header(&reader)
        guard old.version >= UInt8(ascii: "2") else { return try data(old, time: 4, &reader, name: name) }
        // Newer readers skip the 32-bit data, whatever they are.
        try reader.skip(old.length(time: 4))
        return try data(try Header(&reader), time: 8, &reader, name: name)
    }

    private static func data(
        _ header: Header,
        time: Int,
        _ reader: inout Reader,
        name: String
    ) throws(TimeZoneFault) -> TimeZoneRules {
        guard header.length(time: time) <= reader.left else { throw .truncated }
        guard (1...256).contains(header.types), header.characters > 0,
            header.utIndicators == 0 || header.utIndicators == header.types,
            header.standardIndicators == 0 || header.standardIndicators == header.types
        else { throw .inconsistent }
        guard header.leapSeconds == 0 else { throw .leapSeconds }
        var transitions: [Int64] = []
        for _ in 0..<header.times {
            let next = try reader.time(time)
            if let last = transitions.last, last >= next { throw .inconsistent }
            transitions.append(next)
        }
        var kinds: [Int] = []
        for _ in 0..<header.times { kinds.append(Int(try reader.next())) }
        var types: [Int32] = []
        for _ in 0..<header.types {
            let offset = Int32(truncatingIfNeeded: try reader.unsigned(4))
            guard offsets.contains(offset) else { throw .inconsistent }
            types.append(offset)
            try reader.skip(2)
        }
        guard kinds.allSatisfy({ $0 < types.count }) else { throw .inconsistent }
        try reader.skip(header.characters + header.standardIndicators + header.utIndicators)
        return TimeZoneRules(
            name: name,
            transitions: transitions,
            offsets: kinds.map { types[$0] },
            offset: types[0],
            later: time == 8 ? try footer(&reader) : nil
        )
    }

    /// The rule between two line feeds behind the data; none where it is empty (RFC 9636 §3.3).
    private static func footer(_ reader: inout Reader) throws(TimeZoneFault) -> RecurringRule? {
        guard try reader.next() == 0x0a else { throw .inconsistent }
        var text: [UInt8] = []
        while true {
            let byte = try reader.next()
            if byte == 0x0a { break }
            text.append(byte)
        }
        return text.isEmpty ? nil : try RecurringRule(text)
    }
}
