extension TimeWindow {
    private static let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let longNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// Reads days, hours and a time zone, in this order and with spaces between them, of which days or hours may be left out:
    /// `Mon-Fri 08:00-18:00 Europe/Berlin`, `Sat-Sun`, `22:00-06:00`, `Mon,Wed,Fri 09:00-12:00 UTC`.
    ///
    /// Days are in any case, short or in full, and may go over the week's end (`Fri-Mon`). Hours may go over midnight; they belong
    /// to the day on which they begin.
    ///
    /// - Parameters:
    ///   - local: the zone of a text that names none, or `local`. The command passes the machine's, as cron does; a container's is UTC most
    ///     often. The default, for programs, is UTC.
    ///   - zone: knows the zones by their names; fixed offsets such as `+02:00` and `UTC` are known without it.
    /// - Throws: ``TimeWindowFault``, which names the part that is wrong.
    public static func parse(
        _ text: String,
        local: TimeZoneRules = .utc,
        zone lookUp: (String) -> TimeZoneRules?
    ) throws(TimeWindowFault) -> TimeWindow {
        var words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
        func fault(_ part: some StringProtocol, _ kind: TimeWindowFault.Kind) -> TimeWindowFault {
            TimeWindowFault(text: text, part: String(part), kind: kind)
        }
        var window = TimeWindow(zone: local)
        guard let first = words.first else { throw fault("", .empty) }
        var isNamed = false
        if !isHours(first) {
            switch parseDays(first) {
            case .success(let days): window.days = days
            case .failure(let unknown):
                // A zone alone bounds nothing.
                if zone(first, local, lookUp) != nil { throw fault("", .empty) }
                throw fault(unknown.word, .days)
            }
            words.removeFirst()
            isNamed = true
        }
        if let word = words.first, isHours(word) {
            if word.contains(",") { throw fault(word, .severalHours) }
            guard let (start, end) = parseHours(word) else { throw fault(word, .hours) }
            (window.start, window.end) = (start, end)
            words.removeFirst()
            isNamed = true
        }
        guard isNamed else { throw fault("", .empty) }
        if let word = words.first {
            guard let zone = zone(word, local, lookUp) else { throw fault(word, isHours(word) ? .severalHours : .zone) }
            window.zone = zone
            words.removeFirst()
        }
        if let word = words.first { throw fault(word, isHours(word) ? .severalHours : .tail) }
        return window
    }

    private static func zone(
        _ word: Substring,
        _ local: TimeZoneRules,
        _ lookUp: (String) -> TimeZoneRules?
    ) -> TimeZoneRules? {
        word == "local" ? local : TimeZoneRules(fixed: word) ?? lookUp(String(word))
    }

    /// Whether a word is meant as hours: it begins with a digit.
    private static func isHours(_ word: Substring) -> Bool {
        word.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    }

    /// The word of a list of days that is no day.
    private struct UnknownDay: Error { let word: Substring }

    private static func parseDays(_ word: Substring) -> Result<UInt8, UnknownDay> {
        var days: UInt8 = 0
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let from = ends.first, let to = ends.last, ends.count <= 2, var day = day(from),
                let last = Self.day(to)
            else {
                return .failure(UnknownDay(word: part.isEmpty ? word : part))
            }
            days |= 1 << day
            while day != last {
                day = (day + 1) % 7
                days |= 1 << day
            }
        }
        return .success(days)
    }

    private static func day(_ word: Substring) -> UInt8? {
        let lower = word.lowercased()
        let place = names.firstIndex { $0.lowercased() == lower } ?? longNames.firstIndex(of: lower)
        return place.map { UInt8($0) }
    }

    private static func parseHours(_ word: Substring) -> (UInt16, UInt16)? {
        let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let start = minutes(ends[0]), let end = minutes(ends[1]), start < 1_440 else {
            return nil
        }
        return (start, end)
    }

    /// `8:00`, `08:00`, at most `24:00`.
    private static func minutes(_ word: Substring) -> UInt16? {
        let parts = word.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2 else { return nil }
        var figures: [UInt16] = []
        for part in parts {
            var value: UInt16 = 0
            for byte in part {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + UInt16(byte - 0x30)
            }
            figures.append(value)
        }
        guard figures[1] < 60, figures[0] * 60 + figures[1] <= 1_440 else { return nil }
        return figures[0] * 60 + figures[1]
    }
}

extension TimeWindow: CustomStringConvertible {
    /// As ``parse(_:local:zone:)`` reads it, always with its zone: `Mon-Fri 08:00-18:00 Europe/Berlin`.
    public var description: String {
        var words: [String] = []
        if days & 0x7f != 0x7f { words.append(dayWords) }
        if start != 0 || end != 1_440 || words.isEmpty { words.append("\(Self.clock(start))-\(Self.clock(end))") }
        words.append(zone.name)
        return words.joined(separator: " ")
    }

    /// Runs of three days and more, and the two of the weekend, joined by `-`.
    private var dayWords: String {
        var words: [String] = []
        var day = 0
        while day < 7 {
            guard days & (1 << UInt8(day)) != 0 else {
                day += 1
                continue
            }
            var last = day
            while last < 6, days & (1 << UInt8(last + 1)) != 0 { last += 1 }
            if last - day >= 2 || (day == 5 && last == 6) {
                words.append("\(Self.names[day])-\(Self.names[last])")
            } else {
                words += Self.names[day...last]
            }
            day = last + 1
        }
        return words.joined(separator: ",")
    }

    private static func clock(_ minutes: UInt16) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60)
        return "\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
    }
}
