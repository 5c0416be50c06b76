package import ApusFlow
import ApusWire

/// An entry of systemd's journal, in its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): `NAME=value`, or the name alone
/// and the value behind its length where it has a line break.
///
/// The record's fields have the names of the JSON access log in capitals, with `APUS_` before them: see ``JSONLogLine``.
package struct JournalEntry {
    /// No value is longer, in bytes, so that an entry fits into a datagram.
    package static let limit = 32 << 10

    /// The entry.
    package private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - message: the line for people, without its LF.
    ///   - severity: as syslog's.
    package init(
        _ record: AccessRecord,
        message: [UInt8],
        severity: SyslogFrame.Severity,
        redactQueries: QueryRedaction
    ) {
        field("MESSAGE", message)
        field("PRIORITY", Int64(severity.rawValue))
        field("SYSLOG_IDENTIFIER", "apus")
        origin(of: record)
        target(of: record, redactQueries)
        field("APUS_STATUS", Int64(record.status))
        field("APUS_BYTES_FROM_CLIENT", record.bytes.fromClient)
        field("APUS_BYTES_TO_CLIENT", record.bytes.toClient)
        field("APUS_BYTES_FROM_UPSTREAM", record.bytes.fromUpstream)
        field("APUS_BYTES_TO_UPSTREAM", record.bytes.toUpstream)
        if let unread = record.unread { field("APUS_BYTES_UNREAD", unread) }
        field("APUS_DECIDE_US", record.times.decide)
        field("APUS_LOOK_UP_US", record.times.lookUp)
        field("APUS_CONNECT_US", record.times.connect)
        field("APUS_FIRST_BYTE_US", record.times.firstByte)
        field("APUS_TOTAL_US", record.times.total)
        if let upstream = record.upstream {
            field("APUS_UPSTREAM", upstream)
            field("APUS_REUSED", record.reused ? "true" : "false")
        }
        field("APUS_USER_AGENT", record.userAgent)
        field("APUS_REFERER", record.shownReferer(redactQueries))
        field("APUS_CONTENT_TYPE", record.contentType)
        field("APUS_PARENT", record.parent)
        field("APUS_ROUTE_REASON", record.routeReason)
        field("APUS_JUDGED", record.judged)
        field("APUS_RULE", record.rule)
        field("APUS_WOULD_DENY", record.wouldDeny)
        field("APUS_SERVER_NAME", record.serverName)
        field("APUS_UNJUDGED", record.unjudged)
        ending(record.ending)
        field("APUS_PROXY_STATUS", record.proxyStatus)
        field("APUS_FAULT", record.fault)
        field("APUS_REASON", record.reason)
    }

    private mutating func origin(of record: AccessRecord) {
        var time: [UInt8] = []
        HTTPDate.writeISO8601(microsecondsSince1970: record.startedAt, precision: .microseconds, into: &time)
        field("APUS_TIME", time)
        field("APUS_ID", record.idText)
        field("APUS_KIND", record.kind.word.description)
        field("APUS_CLIENT", record.clientAddress)
        field("APUS_CLIENT_PORT", Int64(record.clientPort))
        field("APUS_PEER", record.peer)
        field("APUS_LISTENER", record.listener)
        field("APUS_USER", record.user)
    }

    private mutating func target(of record: AccessRecord, _ redactQueries: QueryRedaction) {
        if !record.method.isEmpty { field("APUS_METHOD", record.method) }
        field("APUS_SCHEME", record.scheme)
        if !record.host.isEmpty { field("APUS_HOST", record.host) }
        if record.port > 0 { field("APUS_PORT", Int64(record.port)) }
        if !record.path.isEmpty { field("APUS_PATH", SecretQuery.shown(record.path, redactQueries)) }
        if !record.httpVersion.isEmpty { field("APUS_HTTP_VERSION", record.httpVersion) }
        field("APUS_PROTOCOL", record.clientProtocol)
        field("APUS_CLAIMED_USER", record.claimedUser)
    }

    private mutating func ending(_ ending: Ending) {
        var code: [UInt8] = []
        ending.writeCode(into: &code)
        field("APUS_ENDING", code)
        guard !ending.isComplete else { return }
        field("APUS_ENDED_BY", ending.who.word.description)
        field("APUS_ENDED_IN", ending.stage.word.description)
        field("APUS_ENDED_HOW", ending.how.word.description)
    }

    private mutating func field(_ name: StaticString, _ value: String?) {
        if let value { field(name, Array(value.utf8)) }
    }

    private mutating func field(_ name: StaticString, _ value: Int64?) {
        guard let value else { return }
        var text: [UInt8] = []
        text.write(decimal: value)
        field(name, text)
    }

    private mutating func field(_ name: StaticString, _ value: UInt64) {
        var text: [UInt8] = []
        text.write(decimal: value)
        field(name, text)
    }

    private mutating func field(_ name: StaticString, _ value: [UInt8]) {
        bytes.write(text: name)
        var value = value
        if value.count > Self.limit {
            var end = Self.limit
            while end > 0, value[end] & 0xc0 == 0x80 { end -= 1 }
            value.removeSubrange(end...)
            value.write(text: "…")
        }
        if value.contains(0x0a) {
            bytes.append(0x0a)
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: UInt64(value.count) >> UInt64(shift)))
            }
        } else {
            bytes.append(0x3d)
        }
        bytes += value
        bytes.append(0x0a)
    }
}
