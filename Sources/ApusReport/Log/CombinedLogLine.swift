import ApusFlow
import ApusWire

/// An access line in Apache's combined format:
/// `192.0.2.1 - user [10/Oct/2000:13:55:36 +0000] "GET http://host/ HTTP/1.1" 200 2326 "-" "-"`.
///
/// The size is what was sent to the client, head included. ASCII only, whatever a peer sent. Where the client left before its answer was
/// whole the status is 499, whatever was sent of it, and 444 where else none was sent: nginx's numbers; analysers refuse a line without one.
struct CombinedLogLine {
    let redactQueries: QueryRedaction

    func append(_ record: AccessRecord, to line: inout [UInt8]) {
        column(record.clientAddress, to: &line)
        line.write(text: " - ")
        column(record.user ?? "", to: &line)
        line.append(0x20)
        let seconds = HTTPDate.seconds(ofMicroseconds: record.startedAt)
        HTTPDate.writeCommonLog(secondsSince1970: seconds, into: &line)
        line.write(text: " \"")
        TextEscape.quoted.write(record.method.isEmpty ? "-" : record.method, into: &line)
        line.append(0x20)
        record.writeTarget(redactQueries: redactQueries, .quoted, into: &line)
        if let version = record.clientProtocol?.uppercased() ?? (record.httpVersion.isEmpty ? nil : record.httpVersion)
        {
            line.append(0x20)
            TextEscape.quoted.write(version, into: &line)
        }
        line.write(text: "\" ")
        line.write(decimal: status(of: record))
        line.append(0x20)
        if record.bytes.toClient == 0 { line.append(0x2d) } else { line.write(decimal: record.bytes.toClient) }
        quoted(record.shownReferer(redactQueries), to: &line)
        quoted(record.userAgent, to: &line)
        line.append(0x0a)
    }

    private func status(of record: AccessRecord) -> UInt16 {
        let isLeft = record.ending.who == .client && (record.ending.how == .closed || record.ending.how == .reset)
        // A tunnel has no answer that could be cut off.
        if isLeft, record.status == 0 || record.kind == .request { return 499 }
        if record.status > 0 { return record.status }
        return record.ending.who == .client && !record.ending.isComplete ? 499 : 444
    }

    private func quoted(_ text: String?, to line: inout [UInt8]) {
        line.write(text: " \"")
        let text = text ?? ""
        TextEscape.quoted.write(text.isEmpty ? "-" : text.replacing("…", with: "..."), into: &line)
        line.append(0x22)
    }

    private func column(_ text: String, to line: inout [UInt8]) {
        if text.isEmpty { line.append(0x2d) } else { TextEscape.percent.write(text, into: &line) }
    }
}
