import ApusFlow
import ApusWire

/// One entry of an HTTP Archive.
struct ArchiveEntry {
    let transaction: Transaction
    let redactingQueries: QueryRedaction

    var record: AccessRecord { transaction.record }

    init(_ transaction: Transaction, redactingQueries: QueryRedaction) {
        self.transaction = transaction
        self.redactingQueries = redactingQueries
    }

    func write(to json: inout JSONWriter) {
        let timings = ArchiveTimings(record.times)
        json.object { json in
            var started: [UInt8] = []
            HTTPDate.writeISO8601(microsecondsSince1970: record.startedAt, into: &started)
            json.text("startedDateTime", String(decoding: started, as: UTF8.self))
            json.milliseconds("time", timings.sum)
            json.object("request") { request(to: &$0) }
            json.object("response") { response(to: &$0) }
            json.object("cache") { _ in }
            json.object("timings") { timings.write(to: &$0) }
            if let address = record.upstreamAddress {
                json.text("serverIPAddress", address.description)
                // The server's port, of the two that the specification lets one take: Chromium shows it behind the address.
                json.text("connection", String((record.upstream ?? "").split(separator: ":").last ?? ""))
            }
            if let comment = record.reason ?? record.fault { json.text("comment", comment) }
            var line: [UInt8] = []
            AccessLogFormat.json.append(record, to: &line, redactQueries: redactingQueries)
            json.raw("_apus", line.dropLast())
        }
    }

    private func request(to json: inout JSONWriter) {
        let head = transaction.request
        json.text("method", record.method)
        json.text("url", url)
        json.text("httpVersion", record.clientProtocol ?? (record.httpVersion.isEmpty ? "unknown" : record.httpVersion))
        json.array("cookies") { json in
            for value in head?.values("Cookie") ?? [] { ArchiveCookie.write(cookies: value, to: &json) }
        }
        fields(of: head, to: &json)
        json.array("queryString") { query(to: &$0) }
        json.number("headersSize", Int64(head?.size ?? -1))
        json.number("bodySize", bodySize(transaction.requestBody, record.bytes.fromClient, head))
        if let body = transaction.requestBody, body.total > 0 {
            json.object("postData") { json in
                json.text("mimeType", head?.values("Content-Type").first ?? "")
                content(of: body, head, encoding: "_encoding", to: &json)
            }
        }
        if head == nil { json.text("comment", "The head is not recorded.") }
    }

    private func response(to json: inout JSONWriter) {
        let head = transaction.response
        let size = responseSize
        json.number("status", Int64(record.status))
        json.text("statusText", statusText)
        json.text("httpVersion", version(of: head))
        json.array("cookies") { json in
            for value in head?.values("Set-Cookie") ?? [] { ArchiveCookie.write(setCookie: value, to: &json) }
        }
        fields(of: head, to: &json)
        json.object("content") { json in
            json.number("size", max(size, 0))
            json.text("mimeType", head?.values("Content-Type").first ?? "x-unknown")
            if let body = transaction.responseBody {
                content(of: body, head, encoding: "encoding", to: &json)
            } else if size < 0 {
                json.text("comment", "The size is not known.")
            }
        }
        json.text("redirectURL", head?.values("Location").first ?? "")
        json.number("headersSize", Int64(head?.size ?? -1))
        json.number("bodySize", size)
        json.number("_transferSize", Int64(clamping: record.bytes.toClient))
        if record.status == 0 { json.text("_error", record.fault ?? record.ending.description) }
        if head == nil {
            json.text("comment", record.status == 0 ? "No response was sent." : "The head is not recorded.")
        }
    }

    private func fields(of head: RecordedHead?, to json: inout JSONWriter) {
        json.array("headers") { json in
            for field in head?.fields ?? [] {
                json.object { json in
                    json.text("name", field.name)
                    json.text("value", field.value)
                }
            }
        }
    }
}
