import ApusFlow
import ApusWire

/// A field of a head that access lines show: which program asked, from which page, what came. A longer value is cut.
package struct LoggedField: Sendable {
    private let key: FieldKey
    /// The most of its value that is shown, in bytes.
    private let limit: Int

    /// User-Agent, up to 256 bytes.
    package static let userAgent = LoggedField(key: FieldKey("user-agent"), limit: 256)
    /// Referer, up to 1 KiB.
    package static let referer = LoggedField(key: FieldKey("referer"), limit: 1024)
    /// Content-Type, up to 128 bytes.
    package static let contentType = LoggedField(key: FieldKey("content-type"), limit: 128)
    /// The user id of SOCKS 4, which has the form of a field where it is recorded, up to 255 bytes.
    package static let claimedUser = LoggedField(key: FieldKey("socks-user-id"), limit: 255)

    /// The most that those of HTTP take in a line.
    package static let most = userAgent.limit + referer.limit + contentType.limit

    /// Its value in a head, as text; nil where there is none.
    package func text(in head: Span<UInt8>) -> String? {
        guard let range = key.value(in: head) else { return nil }
        var end = range.upperBound
        if range.count > limit {
            end = range.lowerBound + limit
            // No character is cut in two.
            while end > range.lowerBound, head[end] & 0xc0 == 0x80 { end -= 1 }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        for place in range.lowerBound..<end { bytes.append(head[place]) }
        return String(decoding: bytes, as: UTF8.self) + (end < range.upperBound ? "…" : "")
    }

    /// Where its value stands, where a line in JSON can have it as it is; empty where there is none, nil where it is to be cut or escaped.
    package func plain(in head: Span<UInt8>) -> Range<Int>? {
        guard let range = key.value(in: head) else { return 0..<0 }
        guard range.count <= limit else { return nil }
        var faults: UInt8 = 0
        for place in range {
            let byte = head[place]
            faults |= (byte < 0x20 ? 1 : 0) | (byte > 0x7e ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5c ? 1 : 0)
        }
        return faults == 0 ? range : nil
    }

    /// Whether a URL holds something that is not shown: userinfo, or of its query or fragment what the log leaves out.
    package static func isHidden(_ bytes: Span<UInt8>, _ range: Range<Int>, _ redaction: QueryRedaction) -> Bool {
        var hasQuery = false
        for place in range {
            if bytes[place] == Ascii.at { return true }
            hasQuery = hasQuery || bytes[place] == Ascii.question || bytes[place] == Ascii.hash
        }
        switch redaction {
        case .none: return false
        case .all: return hasQuery
        case .known: return hasQuery && SecretQuery.next(bytes, range.lowerBound, range.upperBound) != nil
        }
    }
}

extension AccessRecord {
    /// The page that a request came from, as a log shows it: without userinfo, and of the query what is shown of a target's.
    func shownReferer(_ redactQueries: QueryRedaction) -> String? {
        referer.map { SecretLocation.shown($0, redactingQueries: redactQueries, isOne: true) }
    }
}
