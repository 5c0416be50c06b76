package import ApusPolicy
internal import ApusWire

/// A host of a rule as it is written: `example.org`, `*.example.org`, `10.0.0.0/8`, `list:ads`, `all`.
package enum HostPatternText {
    /// Reads one pattern; whether a list of that name exists is for the caller to say.
    ///
    /// What is no host at all is told apart, for the hint: a URL, a host with a port or a path, a wildcard in the middle.
    package static func parse(_ text: String) throws(ValueFault) -> HostPattern {
        if text == "all" { return .any }
        if text.hasPrefix("list:") { return .list(String(text.dropFirst(5))) }
        if text.isEmpty { throw ValueFault("the host is empty; \(expected)") }
        if text == "*" { throw ValueFault("\"*\" is no host; for every host write all") }
        try refuseURL(text)
        try refuseOtherPatterns(text)
        if let address = IPAddress(text) { return .network(CIDR(address)) }
        if text.contains("/") { return .network(try network(text)) }
        if text.contains(":") { throw withPort(text) }
        if text.hasPrefix("*.") { return .under(try name(String(text.dropFirst(2)), in: text)) }
        if text.hasPrefix(".") {
            let rest = text.dropFirst()
            throw ValueFault(
                "\"\(text)\" begins with a dot; write \"*\(text)\" for what is under it, \(rest) for itself"
            )
        }
        return .name(try name(text, in: text))
    }

    private static let expected = "it takes example.org, \"*.example.org\", 10.0.0.0/8, list:NAME or all"

    /// `https://host/path`: nobody should think that the scheme or the path would be matched.
    private static func refuseURL(_ text: String) throws(ValueFault) {
        guard let end = text.firstRange(of: "://") else { return }
        let rest = text[end.upperBound...]
        let host = rest.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
        throw ValueFault("\"\(text)\" is a URL; write the host alone: \(host.isEmpty ? "example.org" : host)")
    }

    /// Regular expressions, wildcards that are not followed by a dot, and several hosts in one text.
    private static func refuseOtherPatterns(_ text: String) throws(ValueFault) {
        if text.contains(where: { "\\^$()|".contains($0) }) || text.hasPrefix(".*") {
            throw ValueFault(
                "\"\(text)\" looks like a regular expression; hosts are names, \"*.example.org\" is all that is under one"
            )
        }
        let words = text.split(separator: " ")
        if words.count > 1, words.allSatisfy({ $0.contains(".") }) {
            throw ValueFault("\"\(text)\" are several hosts; write a list, \(YAMLText.list(words.map { String($0) }))")
        }
        if text.hasPrefix("*"), !text.hasPrefix("*."), !text.dropFirst().contains("*") {
            let rest = text.dropFirst()
            throw ValueFault("\"\(text)\": write \"*.\(rest)\" for what is under it, \(rest) for itself")
        }
    }

    private static func network(_ text: String) throws(ValueFault) -> CIDR {
        let head = String(text.prefix { $0 != "/" })
        guard IPAddress(head) != nil || head.utf8.allSatisfy({ !isLetter($0) }) else {
            throw ValueFault("\"\(text)\" has a path; write the host alone, \(head), and the path as path:")
        }
        return try NetworkText.parse(text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func withPort(_ text: String) -> ValueFault {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let inner = text[text.index(after: text.startIndex)..<end]
            if IPAddress(inner) != nil {
                return ValueFault("\"\(text)\" has brackets; write the address alone: \(inner)")
            }
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (try? PortRange.parse(String(parts[1]))) != nil else {
            return ValueFault("\"\(text)\" is no host; \(expected)")
        }
        return ValueFault("\"\(text)\" has a port; write to: \(parts[0]) and ports: \(parts[1])")
    }

    /// The name in lower case, without a trailing dot; `whole` is what the user wrote.
    private static func name(_ text: String, in whole: String) throws(ValueFault) -> String {
        let bytes = Array(text.utf8)
        guard let fault = HostName.check(bytes.span, 0..<bytes.count) else {
            if IPAddress(text) != nil { throw ValueFault("\"\(whole)\" has no names under it; write \(text)") }
            var lower: [UInt8] = []
            HostName.lowercase(bytes.span, 0..<bytes.count, into: &lower)
            return String(decoding: lower, as: UTF8.self)
        }
        if let beyond = NameBeyondASCII.fault(whole) { throw beyond }
        switch fault {
        case .wildcard:
            throw ValueFault("\"\(whole)\" has a * that is not in front; it takes \"*.example.org\", or a network")
        default: break
        }
        // Each sentence begins with "The host" and ends with a full stop.
        let sentence = fault.sentence.description.dropFirst("The host".count).dropLast()
        throw ValueFault("\"\(whole)\" is no host: it\(sentence)")
    }
}
