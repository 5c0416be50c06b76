extension RecurringRule {
    /// Reads the footer of a TZif file.
    ///
    /// - Throws: `TimeZoneFault.rule`, also for a saving without its two changes, which would be anybody's guess.
    init(_ text: [UInt8]) throws(TimeZoneFault) {
        var scan = Scan(text: text)
        try scan.name()
        standard = try scan.offset()
        guard !scan.isAtEnd else {
            saving = nil
            return
        }
        try scan.name()
        let offset = scan.peek == UInt8(ascii: ",") ? standard + 3600 : try scan.offset()
        try scan.expect(",")
        let begin = try scan.change()
        try scan.expect(",")
        saving = Saving(offset: offset, begin: begin, end: try scan.change())
        guard scan.isAtEnd else { throw .rule }
    }

    /// The text from the front.
    private struct Scan {
        let text: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == text.count }
        var peek: UInt8? { position < text.count ? text[position] : nil }

        mutating func expect(_ mark: Unicode.Scalar) throws(TimeZoneFault) {
            guard take(mark) else { throw .rule }
        }

        mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard peek == UInt8(ascii: mark) else { return false }
            position += 1
            return true
        }

        /// An abbreviation: letters, or anything in angle brackets.
        mutating func name() throws(TimeZoneFault) {
            let start = position
            if take("<") {
                while let byte = peek, byte != UInt8(ascii: ">") {
                    guard (0x21...0x7e).contains(byte) else { throw .rule }
                    position += 1
                }
                try expect(">")
                guard position - start >= 5 else { throw .rule }
                return
            }
            while let byte = peek, (0x61...0x7a).contains(byte | 0x20) { position += 1 }
            guard position - start >= 3 else { throw .rule }
        }

        /// A number of digits within bounds.
        mutating func number(_ bounds: ClosedRange<Int>) throws(TimeZoneFault) -> Int {
            let start = position
            var value = 0
            while let byte = peek, (0x30...0x39).contains(byte), position - start < 3 {
                value = value * 10 + Int(byte - 0x30)
                position += 1
            }
            guard position > start, bounds.contains(value) else { throw .rule }
            return value
        }

        /// Hours, minutes and seconds with a sign, in seconds.
        mutating func time(hours: Int) throws(TimeZoneFault) -> Int {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            var seconds = try number(0...hours) * 3600
            if take(":") { seconds += try number(0...59) * 60 }
            if take(":") { seconds += try number(0...59) }
            return isNegative ? -seconds : seconds
        }

        /// POSIX counts to the west.
        mutating func offset() throws(TimeZoneFault) -> Int32 { Int32(-(try time(hours: 24))) }

        mutating func change() throws(TimeZoneFault) -> Change {
            let day: Change.Day
            if take("J") {
                day = .ofCommonYear(try number(1...365))
            } else if take("M") {
                let month = try number(1...12)
                try expect(".")
                let week = try number(1...5)
                try expect(".")
                day = .ofMonth(month: month, week: week, weekday: try number(0...6))
            } else {
                day = .ofYear(try number(0...365))
            }
            return Change(day: day, time: take("/") ? Int64(try time(hours: 167)) : 7200)
        }
    }
}
