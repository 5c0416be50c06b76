internal import ApusFlow

extension AccessRecord {
    /// The object of the JSON access log.
    func json(redactQueries: Bool) -> [UInt8] {
        var line: [UInt8] = []
        AccessLogFormat.json.append(self, to: &line, redactQueries: redactQueries)
        return Array(line.dropLast())
    }
}

extension RecordedHead {
    fileprivate func json(_ body: RecordedBody?) -> [UInt8] {
        JSONObject.of { object in
            object.add("line", line)
            object.add(
                "fields",
                JSONObject.array(
                    fields.map { JSONObject.array([JSONObject.string($0.name), JSONObject.string($0.value)]) }
                )
            )
            object.add("body", body?.json ?? Array("null".utf8))
        }
    }
}

extension RecordedBody {
    /// `body` of the interface.
    fileprivate var json: [UInt8] {
        JSONObject.of { object in
            object.add("bytes", total)
            object.add("truncated", isTruncated)
            if let text { object.add("text", text) } else { object.add("base64", base64) }
        }
    }
}

extension Transaction {
    /// `transaction` of the interface.
    ///
    /// - Parameters:
    ///   - explanation: a JSON object; nil when no policy decided.
    ///   - suggestion: what would allow it.
    func json(redactQueries: Bool, explanation: String?, suggestion: String?) -> [UInt8] {
        JSONObject.of { object in
            object.add("record", record.json(redactQueries: redactQueries))
            object.add("request", request?.json(requestBody) ?? Array("null".utf8))
            object.add("response", response?.json(responseBody) ?? Array("null".utf8))
            object.add("explanation", explanation.map { Array($0.utf8) } ?? Array("null".utf8))
            object.add("suggestion", suggestion)
        }
    }
}
