public import ApusFlow
public import ApusPolicy
import ApusWire

/// How access lines are written: one line a request, ended by LF, whatever a peer put into it.
public enum AccessLogFormat: Sendable, Equatable {
    /// For people at a terminal: time in a zone, user and client, status, method, URL, size, duration, and why if it failed.
    case short(colour: Bool, zone: TimeZoneRules = .utc)
    /// One JSON object a line; see ``JSONLogLine`` for its fields.
    case json
    /// Apache's combined format.
    case combined
    /// Squid's native format.
    case squid
    /// Nothing.
    case off

    /// Appends the line of a record, its LF included.
    ///
    /// - Parameter redactQueries: what of a query is written: `/a?token=1` is logged as `/a?token=…`, or as `/a?…`; the formats
    ///   that are ASCII only write `/a?...`.
    public func append(_ record: AccessRecord, to line: inout [UInt8], redactQueries: QueryRedaction = .known) {
        switch self {
        case .short(let colour, let zone):
            ShortLogLine(redactQueries: redactQueries, colour: colour, zone: zone).append(record, to: &line)
        case .json: JSONLogLine(redactQueries: redactQueries).append(record, to: &line)
        case .combined: CombinedLogLine(redactQueries: redactQueries).append(record, to: &line)
        case .squid: SquidLogLine(redactQueries: redactQueries).append(record, to: &line)
        case .off: break
        }
    }
}
