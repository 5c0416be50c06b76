import ApusWire

/// One member of an `Accept` field (RFC 9110 §12.5.1): `text/html;q=0.8`.
struct MediaRange {
    private static let html = Array("text/html".utf8)
    private static let plain = Array("text/plain".utf8)
    private static let json = Array("application/json".utf8)
    private static let problem = Array("application/problem+json".utf8)
    private static let anyText = Array("text/*".utf8)
    private static let anyApplication = Array("application/*".utf8)
    private static let any = Array("*/*".utf8)

    private let start: Int
    private let end: Int
    /// In thousandths, 0 to 1000; what is malformed counts as 0.
    let quality: Int

    /// Reads the member in `bytes[from..<to]`. A quoted comma in a parameter is not known here: it costs a preference.
    init(_ bytes: Span<UInt8>, from: Int, to: Int) {
        var end = from
        while end < to && bytes[end] != 0x3b { end += 1 }
        var at = end
        var quality = 1000
        while at < to {
            var next = at + 1
            while next < to && bytes[next] != 0x3b { next += 1 }
            let parameter = Self.trim(bytes, at + 1, next)
            if parameter.count >= 2, bytes[parameter.lowerBound] | 0x20 == 0x71,
                bytes[parameter.lowerBound + 1] == 0x3d
            {
                quality = Self.thousandths(bytes, parameter.dropFirst(2))
            }
            at = next
        }
        let type = Self.trim(bytes, from, end)
        start = type.lowerBound
        self.end = type.upperBound
        self.quality = quality
    }

    /// 3 when it names the form, 2 when it names its type, 1 for `*/*`, 0 otherwise.
    func specificity(for form: ReplyFormat, _ bytes: Span<UInt8>) -> Int {
        if matches(Self.any, bytes) { return 1 }
        switch form {
        case .text: return matches(Self.plain, bytes) ? 3 : matches(Self.anyText, bytes) ? 2 : 0
        case .html: return matches(Self.html, bytes) ? 3 : matches(Self.anyText, bytes) ? 2 : 0
        case .json:
            if matches(Self.json, bytes) || matches(Self.problem, bytes) { return 3 }
            return matches(Self.anyApplication, bytes) ? 2 : 0
        }
    }

    private func matches(_ name: [UInt8], _ bytes: Span<UInt8>) -> Bool {
        guard name.count == end - start else { return false }
        for index in name.indices {
            let byte = bytes[start + index]
            guard (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) == name[index] else { return false }
        }
        return true
    }

    private static func trim(_ bytes: Span<UInt8>, _ from: Int, _ to: Int) -> Range<Int> {
        var (start, end) = (from, to)
        while start < end && (bytes[start] == 0x20 || bytes[start] == 0x09) { start += 1 }
        while start < end && (bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09) { end -= 1 }
        return start..<end
    }

    /// `0.875` as 875; 0 when it is no qvalue (RFC 9110 §12.4.2).
    private static func thousandths(_ bytes: Span<UInt8>, _ text: Range<Int>) -> Int {
        guard let first = text.first, bytes[first] == 0x30 || bytes[first] == 0x31, text.count <= 5 else { return 0 }
        var value = Int(bytes[first] - 0x30) * 1000
        var weight = 100
        for (index, offset) in text.dropFirst().enumerated() {
            if index == 0 {
                guard bytes[offset] == 0x2e else { return 0 }
            } else {
                guard bytes[offset] >= 0x30, bytes[offset] <= 0x39 else { return 0 }
                value += Int(bytes[offset] - 0x30) * weight
                weight /= 10
            }
        }
        return value <= 1000 ? value : 0
    }
}
