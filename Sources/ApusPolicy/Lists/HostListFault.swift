public import ApusWire

/// A line of a list that was left out, or a part of it.
public struct HostListFault: Sendable, Hashable {
    /// Why something was left out.
    public enum Reason: Sendable, Hashable {
        /// What should be a name is none.
        case name(HostFault)
        /// A line of a hosts file does not begin with an address.
        case noAddress
        /// An address without a name behind it.
        case noName
        /// More than a name on the line.
        case extraText
        /// A filter that is not of the form `||host^`.
        case notAHost
        /// A filter for some addresses of a host: a path, a port, a wildcard.
        case partOfHost
        /// A filter whose options restrict it to some requests.
        case option
        /// A trigger of a policy zone that is no name: `rpz-ip` and the like.
        case trigger
        /// An action of a policy zone that neither refuses nor lets pass.
        case action
        /// A name that is not in the zone.
        case outsideZone
        /// A directive that is not followed: `$INCLUDE` and `$GENERATE` of a zone file, `!#include` of a filter list.
        case directive
        /// A record of a zone file with too little in it, or with a parenthesis or quote that is not closed.
        case record
        /// The list has no room left: 4 GiB of names.
        case tooLong
    }

    /// The line, from 1; a record of a zone file counts by its first.
    public var line: Int
    /// Why.
    public var reason: Reason

    /// Makes a fault.
    public init(line: Int, reason: Reason) {
        self.line = line
        self.reason = reason
    }
}

extension HostListFault.Reason {
    /// What is wrong, in plain English.
    public var sentence: StaticString {
        switch self {
        case .name(let fault): fault.sentence
        case .noAddress: "The line does not begin with an address."
        case .noName: "There is no name behind the address."
        case .extraText: "There is more than one name on the line."
        case .notAHost: "The filter is not of the form ||host^."
        case .partOfHost: "The filter is for a part of the host only: a path, a port or a wildcard."
        case .option: "The filter has an option that restricts it to some requests."
        case .trigger: "The record's trigger is no name."
        case .action: "The record's action neither refuses nor lets pass."
        case .outsideZone: "The record's name is not in the zone."
        case .directive: "The directive is not followed."
        case .record: "The record is not complete."
        case .tooLong: "The list has no room left: it holds 4 GiB of names."
        }
    }
}

extension HostListFault: CustomStringConvertible {
    /// `line 12: The host is empty.`
    public var description: String { "line \(line): \(reason.sentence)" }
}
