internal import ApusWire

extension ParentSettings {
    /// Makes a parent of a URL: `http://proxy.example:8080`, `socks5://192.0.2.1:1080`, `socks5h://[2001:db8::1]:1080`.
    ///
    /// - Throws: ``ParentURLFault`` that says what to write; nothing that could be a password is in it.
    public init(name: String, url: String) throws(ParentURLFault) {
        // Before anything is repeated: what stands in front of @ may be a password.
        if url.contains("@") { throw .credentials }
        guard !url.contains(where: { $0.isWhitespace || $0.isNewline }), !url.isEmpty else { throw .blank }
        guard let separator = url.firstRange(of: "://") else { throw .noScheme(rest: url) }
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let scheme = try ParentURL.scheme(url[..<separator.lowerBound].lowercased(), String(authority))
        let tail = rest[authority.endIndex...]
        guard tail.isEmpty || tail == "/" else { throw .path(url: "\(scheme.rawValue)://\(authority)") }
        let (host, port) = try ParentURL.place(String(authority), scheme)
        self.init(name: name, scheme, host: host, port: port)
    }

    /// `http://proxy.example:8080`.
    package var url: String { "\(scheme.rawValue)://\(place)" }
}

/// The parts of a parent's URL.
private enum ParentURL {
    static func scheme(_ text: String, _ authority: String) throws(ParentURLFault) -> ParentSettings.Scheme {
        if let scheme = ParentSettings.Scheme(rawValue: text) { return scheme }
        if text == "https" { throw .https(authority) }
        if text.hasPrefix("socks") { throw .otherSOCKS(text, authority) }
        throw .unknownScheme(text)
    }

    static func place(_ authority: String, _ scheme: ParentSettings.Scheme) throws(ParentURLFault) -> (String, UInt16) {
        var end = authority.endIndex
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw .noHost(scheme) }
            end = authority.index(after: bracket)
        } else if let colon = authority.firstIndex(of: ":") {
            end = colon
        }
        let host = try host(String(authority[..<end]), authority, scheme)
        let behind = authority[end...]
        if behind.isEmpty || behind == ":" { throw .noPort("\(scheme.rawValue)://\(authority[..<end])") }
        let digits = behind.dropFirst()
        guard behind.hasPrefix(":"), digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let port = UInt16(digits), port > 0
        else { throw .notAPort(String(digits)) }
        return (host, port)
    }

    private static func host(
        _ text: String,
        _ authority: String,
        _ scheme: ParentSettings.Scheme
    ) throws(ParentURLFault) -> String {
        if text.hasPrefix("[") {
            guard let address = IPAddress(String(text.dropFirst().dropLast())), address.family == .v6 else {
                throw .notAHost(text, "this is no IPv6 address")
            }
            return address.description
        }
        if authority.utf8.count(where: { $0 == 0x3a }) > 1 { throw .noBrackets(authority) }
        if text.isEmpty { throw .noHost(scheme) }
        if let address = IPAddress(text) { return address.description }
        let bytes = Array(text.utf8)
        if let fault = HostName.check(bytes.span, 0..<bytes.count) { throw .notAHost(text, fault.sentence.description) }
        var lower: [UInt8] = []
        HostName.lowercase(bytes.span, 0..<bytes.count, into: &lower)
        return String(decoding: lower, as: UTF8.self)
    }
}
