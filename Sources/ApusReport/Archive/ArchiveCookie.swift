import ApusWire

/// Cookies as an HTTP Archive lists them, from fields whose values are redacted already. `expires` is left out: the field has it.
enum ArchiveCookie {
    /// The cookies of a `Cookie` field.
    static func write(cookies value: String, to json: inout JSONWriter) {
        for part in parts(value) where !part.isEmpty {
            json.object { pair(part, to: &$0) }
        }
    }

    /// The cookie of a `Set-Cookie` field.
    static func write(setCookie value: String, to json: inout JSONWriter) {
        let parts = parts(value)
        guard let first = parts.first, !first.isEmpty else { return }
        json.object { json in
            pair(first, to: &json)
            var seen: Set<String> = []
            // The last of a kind counts (RFC 6265 §5.3).
            for part in parts.dropFirst().reversed() {
                let (name, value) = sides(part)
                let attribute = name.lowercased()
                guard seen.insert(attribute).inserted else { continue }
                switch attribute {
                case "path": json.text("path", value)
                case "domain": json.text("domain", value)
                case "httponly": json.truth("httpOnly", true)
                case "secure": json.truth("secure", true)
                default: break
                }
            }
        }
    }

    private static func pair(_ part: Substring, to json: inout JSONWriter) {
        let (name, value) = sides(part)
        // One without a name is all value (RFC 6265bis §5.6).
        let isNamed = part.utf8.contains(UInt8(ascii: "="))
        json.text("name", isNamed ? name : "")
        json.text("value", isNamed ? value : name)
    }

    private static func sides(_ part: Substring) -> (String, String) {
        let sides = part.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        return (String(Substring(sides[0])), sides.count > 1 ? String(Substring(sides[1])) : "")
    }

    private static func parts(_ value: String) -> [Substring] {
        value.utf8.split(separator: Ascii.semicolon, omittingEmptySubsequences: false).map {
            Substring($0.drop { $0 == Ascii.space })
        }
    }
}
