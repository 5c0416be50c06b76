package import ApusPolicy

/// Hours of days as they are written in a rule: `Mon-Fri 08:00-18:00 Europe/Berlin`, each part on its own as well.
package struct TimeWindowText: Equatable {
    /// Bit 0 is Monday, bit 6 Sunday.
    package var days: UInt8 = 0x7f
    /// Minutes since midnight.
    package var start: UInt16 = 0
    /// Minutes since midnight, at most 1,440; less than ``start`` if it ends on the next day.
    package var end: UInt16 = 1_440
    /// The time zone by its name in the IANA database; nil for the machine's.
    package var zone: String?

    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    private static let longNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

    /// Reads days, hours and a zone, in this order, of which any may be missing but not all.
    package init(_ text: String) throws(ValueFault) {
        let words = text.split(separator: " ").map(String.init)
        var stage = 0
        for word in words {
            let kind = Self.kind(word)
            guard kind > stage else {
                throw ValueFault("\"\(text)\" is out of order; it takes days, hours and zone: \(Self.example)")
            }
            stage = kind
            switch kind {
            case 1: days = try Self.days(word)
            case 2: (start, end) = try Self.hours(word)
            default: zone = try Self.zone(word)
            }
        }
        if stage == 0 { throw ValueFault("the time is empty; it takes \(Self.example)") }
    }

    private static let example = "Mon-Fri 08:00-18:00 Europe/Berlin"

    /// Whether it is days (1), hours (2), or else a zone (3).
    private static func kind(_ word: String) -> Int {
        if word.contains(":") || word.first?.isNumber == true { return 2 }
        let first = word.prefix { $0 != "-" && $0 != "," }
        return day(first) != nil || word.contains(",") ? 1 : 3
    }

    private static func day(_ text: some StringProtocol) -> Int? {
        let text = text.lowercased()
        return names.firstIndex(of: text) ?? longNames.firstIndex(of: text)
    }

    /// `Mon-Fri`, `Sat,Sun`, `Fri-Mon`.
    private static func days(_ word: String) throws(ValueFault) -> UInt8 {
        var bits: UInt8 = 0
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = day(ends[0]), let last = day(ends[ends.count - 1]) else {
                throw ValueFault("\"\(part)\" is no day; it takes Mon, Tue, Wed, Thu, Fri, Sat, Sun, or Mon-Fri")
            }
            var current = first
            bits |= 1 << UInt8(current)
            while current != last {
                current = (current + 1) % 7
                bits |= 1 << UInt8(current)
            }
        }
        return bits
    }

    /// `08:00-18:00`, `22:00-06:00`.
    private static func hours(_ word: String) throws(ValueFault) -> (UInt16, UInt16) {
        let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let start = minutes(ends[0]), let end = minutes(ends[1]), start < 1_440 else {
            throw ValueFault("\"\(word)\" is no span of hours; it takes 08:00-18:00, in hours from 00:00 to 24:00")
        }
        if start == end { throw ValueFault("\"\(word)\" begins when it ends; leave the hours out for the whole day") }
        return (start, end == 0 ? 1_440 : end)
    }

    private static func minutes(_ text: Substring) -> UInt16? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let areNumbers = parts.allSatisfy { $0.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }
        guard parts.count == 2, areNumbers, 1...2 ~= parts[0].count, parts[1].count == 2,
            let hour = UInt16(parts[0]), let minute = UInt16(parts[1]), minute < 60
        else { return nil }
        let sum = hour * 60 + minute
        return sum <= 1_440 ? sum : nil
    }

    /// By shape: `Europe/Berlin`, `UTC`, `CET`, `Etc/GMT+1`. Whether there is such a zone is for its reader to say.
    private static func zone(_ word: String) throws(ValueFault) -> String {
        let isShaped = word.utf8.allSatisfy { byte in
            (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "_+-/".utf8.contains(byte)
        }
        guard isShaped, word.contains("/") || !word.contains(where: \.isLowercase), !word.hasPrefix("/") else {
            throw ValueFault("\"\(word)\" is neither days (Mon-Fri), hours (08:00-18:00) nor a zone (Europe/Berlin)")
        }
        return word
    }
}

/// The window of a rule: the one place where a text becomes a ``TimeWindow``, its time zone included.
package func timeWindow(_ text: String) throws(ValueFault) -> TimeWindow {
    let parts = try TimeWindowText(text)
    return TimeWindow(days: parts.days, start: parts.start, end: parts.end)
}

extension TimeWindowText {
    /// A window as a rule has it.
    static func describe(_ window: TimeWindow) -> String {
        var parts: [String] = []
        if window.days != 0x7f {
            let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            parts.append(
                names.indices.filter { window.days >> UInt8($0) & 1 == 1 }.map { names[$0] }.joined(separator: ",")
            )
        }
        if window.start != 0 || window.end != 1_440 || parts.isEmpty {
            parts.append("\(clock(window.start))-\(clock(window.end))")
        }
        return parts.joined(separator: " ")
    }

    private static func clock(_ minutes: UInt16) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
