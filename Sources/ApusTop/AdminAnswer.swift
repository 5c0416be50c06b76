import ApusReport
import ApusWire

/// Reads one response of the admin listener as it comes, cut anywhere.
package struct AdminAnswer: Sendable {
    /// Why no answer is to be had.
    package enum Fault: Error, Sendable, Equatable {
        /// What answers is no HTTP server, or speaks it badly.
        case malformed
        /// It ended before its end.
        case cutShort
    }

    private enum Framing {
        case chunked(ChunkedDecoder)
        case length(UInt64)
        case untilClose
    }

    private static let largestHead = 64 << 10

    /// The final status; 0 before it is known.
    package private(set) var status = 0
    /// The media type, without parameters and in lower case.
    package private(set) var type = ""
    /// Whether all of the body has come.
    package private(set) var isComplete = false
    private var head: [UInt8] = []
    private var framing = Framing.untilClose

    /// Begins before the first byte.
    package init() {}

    /// Takes what was read, and answers with what it brings of the body.
    package mutating func feed(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        if isComplete { return [] }
        if status > 0 { return try body(bytes) }
        head += bytes
        while let end = headEnd() {
            let rest = Array(head[end...])
            try read(Array(head[..<end]))
            head = rest
            // An interim response is followed by another (RFC 9110 §15.2).
            if status >= 200 {
                head = []
                return try body(rest)
            }
            status = 0
        }
        if head.count > Self.largestHead { throw .malformed }
        return []
    }

    /// The other side has closed.
    package mutating func end() throws(Fault) {
        if isComplete { return }
        guard status > 0 else { throw head.isEmpty ? .cutShort : .malformed }
        guard case .untilClose = framing else { throw .cutShort }
        isComplete = true
    }

    private func headEnd() -> Int? {
        let mark: [UInt8] = [Ascii.cr, Ascii.lf, Ascii.cr, Ascii.lf]
        return head.firstRange(of: mark)?.upperBound
    }

    private mutating func read(_ bytes: [UInt8]) throws(Fault) {
        guard let head = RecordedHead(bytes, redactingQueries: false) else { throw .malformed }
        let words = head.line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3, let status = Int(words[1]),
            status >= 100
        else { throw .malformed }
        self.status = status
        type = String((head.values("Content-Type").first ?? "").lowercased().prefix { $0 != ";" && $0 != " " })
        if head.values("Transfer-Encoding").last?.lowercased() == "chunked" {
            framing = .chunked(ChunkedDecoder())
        } else if let text = head.values("Content-Length").first {
            guard let count = UInt64(text) else { throw .malformed }
            framing = .length(count)
            isComplete = count == 0
        }
        if status == 204 || status == 304 { isComplete = true }
    }

    private mutating func body(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        guard !isComplete, !bytes.isEmpty else { return [] }
        switch framing {
        case .untilClose: return bytes
        case .length(let count):
            let taken = bytes.prefix(Int(min(count, UInt64(bytes.count))))
            framing = .length(count - UInt64(taken.count))
            isComplete = count == UInt64(taken.count)
            return Array(taken)
        case .chunked(var decoder):
            var body: [UInt8] = []
            var from = 0
            while true {
                let progress = decoder.decode(bytes.span, from: from, mode: .stripFraming)
                body += bytes[Int(progress.pass.start)..<Int(progress.pass.end)]
                from = progress.consumed
                switch progress.outcome {
                case .again: continue
                case .more: break
                case .trailers: isComplete = true
                case .faulty: throw .malformed
                }
                framing = .chunked(decoder)
                return body
            }
        }
    }
}
