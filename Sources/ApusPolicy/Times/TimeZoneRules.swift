/// What the clocks of a place show: how far they are from UTC at any moment.
///
/// Read from the bytes of a TZif file (RFC 9636, as under `/usr/share/zoneinfo`), or a fixed offset. A look-up is a binary
/// search and allocates nothing.
public struct TimeZoneRules: Sendable, Hashable {
    /// As it is written in a policy: `Europe/Berlin`, `UTC`, `+02:00`.
    public let name: String
    /// When the offset changes, in seconds since 1970, ascending.
    let transitions: [Int64]
    /// The offset from each of the transitions on, in seconds east of UTC.
    let offsets: [Int32]
    /// The offset before the first transition.
    let first: Int32
    /// The rule for what comes after the last transition.
    let later: RecurringRule?

    /// Universal time.
    public static let utc = TimeZoneRules(name: "UTC", offset: 0)

    init(
        name: String,
        transitions: [Int64] = [],
        offsets: [Int32] = [],
        offset first: Int32,
        later: RecurringRule? = nil
    ) {
        self.name = name
        self.transitions = transitions
        self.offsets = offsets
        self.first = first
        self.later = later
    }

    /// Reads a TZif file of any version: the 64-bit data and the footer where there are any, else the 32-bit data
    /// (RFC 9636 §3).
    ///
    /// - Parameter name: how the zone is called.
    /// - Throws: ``TimeZoneFault``: a file that is cut short anywhere is refused.
    public init(name: String, tzif bytes: [UInt8]) throws(TimeZoneFault) {
        self = try TimeZoneFile.read(bytes, name: name)
    }

    /// A fixed offset as it is written: `UTC`, `Z`, `+02`, `+02:00`, `-0330`, at most a day; nil for anything else.
    public init?(fixed text: some StringProtocol) {
        if text == "UTC" || text == "Z" {
            self = .utc
            return
        }
        let bytes = Array(text.utf8)
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        var digits = bytes.dropFirst()
        if digits.count == 5, digits[3] == UInt8(ascii: ":") { digits.remove(at: 3) }
        guard digits.count == 2 || digits.count == 4 else { return nil }
        var value: Int32 = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int32(byte - UInt8(ascii: "0"))
        }
        let (hours, minutes) = digits.count == 2 ? (value, 0) : (value / 100, value % 100)
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        let shown = [
            UInt8(ascii: "0") + UInt8(hours / 10), UInt8(ascii: "0") + UInt8(hours % 10), UInt8(ascii: ":"),
            UInt8(ascii: "0") + UInt8(minutes / 10), UInt8(ascii: "0") + UInt8(minutes % 10),
        ]
        self.init(
            name: String(decoding: [sign] + shown, as: UTF8.self),
            offset: sign == UInt8(ascii: "-") ? -seconds : seconds
        )
    }

    /// How many seconds the clocks are ahead of UTC (east is positive).
    public func offset(at secondsSince1970: Int64) -> Int32 {
        guard let last = transitions.last else { return later?.offset(at: secondsSince1970) ?? first }
        if secondsSince1970 >= last, let later { return later.offset(at: secondsSince1970) }
        // The first transition that is later.
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= secondsSince1970 { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }
}
