import ApusFlow
import ApusWire

extension ArchiveEntry {
    /// What was asked for, as an absolute URL whose bytes all may stand in one (RFC 3986 §2).
    var url: String {
        guard !record.host.isEmpty else { return "about:invalid" }
        var target: [UInt8] = []
        if record.kind == .tunnel { target.write(text: "https://") }
        record.writeTarget(redactQueries: redactingQueries, .percent, into: &target)
        if record.kind == .tunnel { target.append(Ascii.slash) }
        var url: [UInt8] = []
        for byte in target {
            guard "<>\\^`{|}".utf8.contains(byte) else {
                url.append(byte)
                continue
            }
            url.append(0x25)
            url.write(hexadecimal: byte)
        }
        return String(decoding: url, as: UTF8.self)
    }

    /// The pairs of the query, as they stand in the URL; none if queries are redacted as a whole.
    func query(to json: inout JSONWriter) {
        let path = record.path.utf8
        guard redactingQueries != .all, let mark = path.firstIndex(of: Ascii.question) else { return }
        for pair in path[path.index(after: mark)...].split(separator: UInt8(ascii: "&")) {
            let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            json.object { json in
                json.text("name", String(Substring(sides[0])))
                let isSecret = redactingQueries == .known && SecretQuery.isSecret(pair: String(Substring(pair)))
                json.text("value", isSecret ? "..." : sides.count > 1 ? String(Substring(sides[1])) : "")
            }
        }
    }

    /// The phrase of the status line; that of the registry if the line is not recorded.
    var statusText: String {
        guard let line = transaction.response?.line else {
            return record.status == 0 ? "" : ReasonPhrase.of(record.status).description
        }
        let words = line.utf8.split(separator: Ascii.space, maxSplits: 2, omittingEmptySubsequences: false)
        return words.count > 2 ? String(Substring(words[2])) : ""
    }

    /// The version of a status line.
    func version(of head: RecordedHead?) -> String {
        guard let line = head?.line else { return record.status == 0 ? "unknown" : "HTTP/1.1" }
        return String(Substring(line.utf8.prefix { $0 != Ascii.space }))
    }

    /// How large a body is: what was counted without the head; -1 when neither is known.
    func bodySize(_ body: RecordedBody?, _ passed: UInt64, _ head: RecordedHead?) -> Int64 {
        if let body { return Int64(clamping: body.total) }
        if passed == 0 { return 0 }
        guard let size = head?.size else { return -1 }
        return max(0, Int64(clamping: passed) - Int64(size))
    }

    /// How large the response's body is. A head is recorded as it was received, and grows or shrinks on its way to the client, so that
    /// the upstream's bytes count; a tunnel has nothing but payload there, and an answer of the proxy's own is on the client's side alone.
    var responseSize: Int64 {
        let (body, head, bytes) = (transaction.responseBody, transaction.response, record.bytes)
        // To a client that was sent nothing there is no response, whatever the upstream has said.
        if bytes.fromUpstream == 0 || bytes.toClient == 0 { return bodySize(body, bytes.toClient, head) }
        if record.kind == .tunnel { return Int64(clamping: bytes.fromUpstream) }
        return bodySize(body, bytes.fromUpstream, head)
    }

    /// The text of a body, and what a reader must know of it.
    func content(of body: RecordedBody, _ head: RecordedHead?, encoding: StaticString, to json: inout JSONWriter) {
        if let text = body.text {
            json.text("text", text)
        } else {
            json.text("text", body.base64)
            json.text(encoding, "base64")
        }
        var remarks: [String] = []
        if body.isTruncated { remarks.append("The first \(body.bytes.count) of \(body.total) bytes.") }
        if let coding = head?.values("Content-Encoding").first, coding.lowercased() != "identity" {
            remarks.append("The content coding \(coding) is not removed.")
        }
        if !remarks.isEmpty { json.text("comment", remarks.joined(separator: " ")) }
    }
}
