internal import ApusFlow
internal import ApusReport

extension AccessRecord {
    /// The object of the JSON access log.
    func json(redactQueries: QueryRedaction) -> [UInt8] {
        var line: [UInt8] = []
        AccessLogFormat.json.append(self, to: &line, redactQueries: redactQueries)
        return Array(line.dropLast())
    }
}

extension RecordedHead {
    fileprivate func json(_ body: RecordedBody?) -> [UInt8] {
        JSONWriter.object { json in
            json.text("line", line)
            json.array("fields") { json in
                for field in fields {
                    json.array { json in
                        json.text(nil, field.name)
                        json.text(nil, field.value)
                    }
                }
            }
            json.raw("body", body?.json)
        }
    }
}

extension RecordedBody {
    /// `body` of the interface.
    fileprivate var json: [UInt8] {
        JSONWriter.object { json in
            json.number("bytes", total)
            json.truth("truncated", isTruncated)
            if let text { json.text("text", text) } else { json.text("base64", base64) }
        }
    }
}

extension Transaction {
    /// `transaction` of the interface.
    ///
    /// - Parameters:
    ///   - explanation: a JSON object; nil when no policy decided.
    ///   - suggestion: what would allow it.
    func json(redactQueries: QueryRedaction, explanation: String?, suggestion: String?) -> [UInt8] {
        JSONWriter.object { json in
            json.raw("record", record.json(redactQueries: redactQueries))
            json.raw("request", request?.json(requestBody))
            json.raw("response", response?.json(responseBody))
            json.raw("explanation", explanation.map { Array($0.utf8) })
            json.text("suggestion", suggestion)
        }
    }
}
