import ApusWire

/// Makes syslog messages (RFC 5424) of access lines:
/// `<134>1 2026-01-31T12:00:00.123456Z host apus 4711 access - LINE`.
///
/// The line is UTF-8 without a byte order mark (MSG-ANY in §6.4), for collectors that parse JSON stumble over the mark.
package struct SyslogFrame: Sendable {
    /// RFC 5424 §6.2.1.
    package enum Severity: UInt8, Sendable {
        /// What was refused, or failed.
        case warning = 4
        /// All else.
        case informational = 6
    }

    /// No message is longer, in bytes: what rsyslog takes without a setting. (RFC 5424 §6.1 asks receivers for 2,048.)
    package static let limit = 8192

    private let facility: UInt8
    /// What stands between time and line.
    private let middle: [UInt8]

    /// - Parameters:
    ///   - facility: 0 to 23 (RFC 5424 §6.2.1).
    ///   - hostName: shown as `-` when it is empty; visible ASCII, 255 bytes at most.
    package init(facility: UInt8, hostName: String, processID: Int32) {
        self.facility = min(facility, 23)
        let host = hostName.utf8.prefix(255).map { 0x21...0x7e ~= $0 ? $0 : 0x3f }
        var middle: [UInt8] = [0x20]
        middle += host.isEmpty ? [0x2d] : host
        middle.write(text: " apus ")
        middle.write(decimal: Int64(processID))
        middle.write(text: " access - ")
        self.middle = middle
    }

    /// Begins a line of this severity. An access line never begins with a control character, so that one stands for it; a line
    /// without one is informational.
    package static func begin(_ severity: Severity, _ line: inout [UInt8]) {
        if severity != .informational { line.append(severity.rawValue) }
    }

    /// Appends the message of a line that has no LF; one that is too long is cut at a character, and ends in `…`.
    package func append(_ line: Span<UInt8>, microsecondsSince1970: Int64, to message: inout [UInt8]) {
        let isMarked = line.count > 0 && line[0] < 8
        let severity = isMarked ? line[0] : Severity.informational.rawValue
        let start = message.count
        message.append(0x3c)
        message.write(decimal: UInt64(facility) * 8 + UInt64(severity))
        message.write(text: ">1 ")
        HTTPDate.writeISO8601(microsecondsSince1970: microsecondsSince1970, precision: .microseconds, into: &message)
        message += middle
        let first = isMarked ? 1 : 0
        let room = Self.limit - (message.count - start)
        var end = line.count
        if end - first > room {
            end = first + room - Self.mark.utf8CodeUnitCount
            // 10xxxxxx goes on with a character (RFC 3629 §3).
            while end > first, line[end] & 0xc0 == 0x80 { end -= 1 }
        }
        for index in first..<end { message.append(line[index]) }
        if end < line.count { message.write(text: Self.mark) }
    }

    private static let mark: StaticString = "…"
}
