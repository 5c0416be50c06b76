@testable import ApusWire

/// A naive reading of the lines of a head, by strings: what the parsers are held against.
struct ReferenceHead {
    struct Line {
        var name: String
        var value: String
        /// The line as it came, with its CRLF.
        var raw: String
        var key: String { name.lowercased() }
    }

    var start: String
    var lines: [Line] = []
    var end: Int

    /// Nil when it is not whole, or not as RFC 9112 §2.2 and §5 want it.
    init?(_ bytes: [UInt8], isRequest: Bool) {
        var begin = 0
        if isRequest { while bytes[begin...].starts(with: [13, 10]) { begin += 2 } }
        guard begin <= 8 else { return nil }
        var rest = Array(bytes[begin...])
        var all: [[UInt8]] = []
        while true {
            guard let feed = rest.firstIndex(of: 10), feed > 0, rest[feed - 1] == 13 else { return nil }
            let line = Array(rest[..<(feed - 1)])
            rest.removeFirst(feed + 1)
            if line.isEmpty { break }
            guard line.allSatisfy({ $0 == 9 || ($0 >= 32 && $0 != 127) }) else { return nil }
            all.append(line)
        }
        guard let first = all.first else { return nil }
        start = text(first)
        end = bytes.count - rest.count
        for line in all.dropFirst().map({ text($0) }) {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let name = String(line[..<colon])
            let trimmed = isRequest ? name : trimTail(name)
            guard isToken(trimmed) else { return nil }
            let value = trim(String(line[line.index(after: colon)...]))
            lines.append(Line(name: trimmed, value: value, raw: line + "\r\n"))
        }
        guard lines.count <= 256 else { return nil }
    }

    func all(_ name: String) -> [Line] { lines.filter { $0.key == name } }

    /// The members of all lines of a name, without the empty ones.
    func members(_ name: String) -> [String] {
        all(name).flatMap { list($0.value) }.filter { !$0.isEmpty }
    }

    /// All that Content-Length says: the values, or nil when one is malformed.
    var lengths: [UInt64]? {
        var lengths: [UInt64] = []
        for element in all("content-length").flatMap({ list($0.value) }) {
            guard !element.isEmpty, element.utf8.count <= 18, let length = UInt64(element),
                element.utf8.allSatisfy({ $0 >= 48 && $0 < 58 })
            else { return nil }
            lengths.append(length)
        }
        return lengths
    }

    /// The fields that end at this hop: those that always do, and those that Connection names.
    var ending: Set<String> {
        Set([
            "connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate",
            "proxy-authentication-info", "te", "upgrade", "http2-settings",
        ]).union(members("connection").map { $0.lowercased() })
    }
}

func list(_ value: String) -> [String] {
    value.split(separator: ",", omittingEmptySubsequences: false).map { trim(String($0)) }
}

func trim(_ value: String) -> String {
    trimTail(String(value.drop { $0 == " " || $0 == "\t" }))
}

func trimTail(_ value: String) -> String {
    var value = value
    while value.last == " " || value.last == "\t" { value.removeLast() }
    return value
}

func isToken(_ text: String) -> Bool {
    !text.isEmpty
        && text.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                    || "!#$%&'*+-.^_`|~".unicodeScalars.contains($0))
        }
}
