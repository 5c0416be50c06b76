/// Why bytes are no time zone that can be used.
public enum TimeZoneFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// They do not begin as a TZif file does (RFC 9636 §3.1).
    case noTimeZone
    /// They end before the zone does.
    case truncated
    /// Counts or values that contradict each other or the RFC.
    case inconsistent
    /// The zone counts leap seconds, as those under `right/` do: the clock of the system does not.
    case leapSeconds
    /// The rule for later times in the footer is not understood.
    case rule

    /// One sentence for whoever named the file.
    public var description: String {
        switch self {
        case .noTimeZone: "it is no time zone file (TZif, RFC 9636)"
        case .truncated: "the time zone file is cut short"
        case .inconsistent: "the time zone file contradicts itself"
        case .leapSeconds:
            "the time zone counts leap seconds, which the clock of the system does not: take the one outside of right/"
        case .rule: "the rule at the end of the time zone file is not understood"
        }
    }
}
