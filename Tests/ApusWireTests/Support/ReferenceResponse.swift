@testable import ApusWire

/// A naive reading of a whole response: nil when it must be refused, whatever the reason.
struct ReferenceResponse {
    let head: ReferenceHead
    let status: Int
    let isHTTP10: Bool
    let body: BodyFraming
    private let reason: String
    private let length: UInt64?

    var persistent: Bool {
        let options = head.members("connection").map { $0.lowercased() }
        return body != .untilClose && !options.contains("close") && (!isHTTP10 || options.contains("keep-alive"))
    }

    init?(_ bytes: [UInt8], method: Method, upgrade: [String]) {
        guard let head = ReferenceHead(bytes, isRequest: false) else { return nil }
        self.head = head
        let words = head.start.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 2, words[0].utf8.count == 8, words[0].hasPrefix("HTTP/1."), let minor = words[0].last,
            minor.isASCII, minor.isNumber, words[1].utf8.count == 3, words[1].utf8.allSatisfy({ $0 >= 48 && $0 < 58 }),
            let status = Int(words[1]), (100..<600).contains(status)
        else { return nil }
        self.status = status
        isHTTP10 = minor == "0"
        reason = words.count > 2 ? words[2] : ""
        let codings = head.all("transfer-encoding").map { $0.value.lowercased() }
        var framing = BodyFraming.untilClose
        var length: UInt64?
        if !codings.isEmpty {
            guard codings == ["chunked"], head.all("content-length").isEmpty, !isHTTP10 else { return nil }
            framing = .chunked
        } else {
            guard let lengths = head.lengths, Set(lengths).count <= 1 else { return nil }
            if let first = lengths.first { framing = first == 0 ? .none : .length(first) }
            if lengths.count > 1 { length = lengths.first }
        }
        self.length = length
        body = method == .head || status < 200 || status == 204 || status == 304 ? .none : framing
        if status == 101 {
            let named = head.members("upgrade").map { $0.lowercased() }
            guard !named.isEmpty, Set(named).isSubset(of: upgrade.map { $0.lowercased() }) else { return nil }
        }
    }

    func rewritten(closes: Bool, stripsCoding: Bool) -> String {
        var text = "HTTP/1.1 \(status) \(reason)\r\n"
        let bare = status < 200 || status == 204
        for line in head.lines {
            switch line.key {
            case "content-length": if bare || length != nil { continue }
            case "transfer-encoding": if bare || stripsCoding { continue }
            case "trailer": if stripsCoding || head.ending.contains(line.key) { continue }
            case "date", "via": break
            default: if head.ending.contains(line.key) { continue }
            }
            text += line.raw.hasPrefix(line.name + ":") ? line.raw : "\(line.name): \(line.value)\r\n"
        }
        if let length, !bare { text += "Content-Length: \(length)\r\n" }
        let upgrade = head.all("upgrade")
        if status == 101 || status == 426, !upgrade.isEmpty {
            for line in upgrade { text += "\(line.name): \(line.value)\r\n" }
            text += "Connection: Upgrade\r\n"
        }
        if head.all("date").isEmpty, status >= 200 { text += "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n" }
        if closes { text += "Connection: close\r\n" }
        return text + "Via: 1.\(isHTTP10 ? 0 : 1) \(pseudonym)\r\n\r\n"
    }
}
