/// Why a host is no name that Apus would look up.
///
/// The answer to all of them is 400: nothing is repaired (CVE-2022-24825, CVE-2022-29188).
public enum HostFault: UInt8, Error, Sendable, Hashable, CaseIterable {
    case empty
    /// More than 253 bytes, one trailing dot not counted (RFC 1035 §2.3.4).
    case tooLong
    case emptyLabel
    /// A label of more than 63 bytes (RFC 1035 §2.3.4).
    case labelTooLong
    case trailingDots
    case nul
    /// `%`: a percent-encoded name would be another name to whoever decodes it.
    case percent
    case whitespace
    case control
    /// A byte above 0x7f; names in other scripts come as `xn--` labels (RFC 5891).
    case nonASCII
    case wildcard
    case forbiddenCharacter
    /// An octal, hexadecimal, short or decimal spelling of an IPv4 address.
    case legacyIPv4

    /// What is wrong, in plain English, for an answer's body.
    public var sentence: StaticString {
        switch self {
        case .empty: "The host is empty."
        case .tooLong: "The host is longer than 253 bytes."
        case .emptyLabel: "The host has an empty label: two dots in a row, or a dot at its start."
        case .labelTooLong: "The host has a label of more than 63 bytes."
        case .trailingDots: "The host ends in more than one dot."
        case .nul: "The host contains a NUL byte."
        case .percent: "The host contains a percent sign; percent-encoded hosts and zones are not accepted."
        case .whitespace: "The host contains white space."
        case .control: "The host contains a control character."
        case .nonASCII: "The host contains a byte that is not ASCII; such names are written as xn-- labels."
        case .wildcard: "The host contains a wildcard."
        case .forbiddenCharacter: "The host contains a character that no host name has."
        case .legacyIPv4:
            "The host ends in a number but is no IPv4 address of four decimal octets without leading zeros."
        }
    }
}
