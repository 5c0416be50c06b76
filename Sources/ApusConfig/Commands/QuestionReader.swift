internal import Apus
internal import ApusWire

/// Makes a question to a policy of what somebody typed; what is wrong is told like a wrong option.
enum QuestionReader {
    /// A URL, or HOST:PORT for a tunnel, with the options of `apus explain`.
    static func read(
        _ url: String,
        _ options: [String: String],
        now: Int64
    ) throws(SettingFault) -> PolicyQuestion {
        let (method, head) = try head(url, options["method"])
        let bytes = Array(head.utf8)
        var fields = FieldTable()
        guard case .complete(let parsed) = RequestParser.parse(bytes.span, limits: HeadLimits(), fields: &fields) else {
            throw wrong(url, "it is no URL that a request can have")
        }
        let target: RequestTarget
        do throws(RequestFault) { target = try RequestTarget.parse(bytes.span, parsed) } catch {
            throw wrong(
                url,
                // A sentence ends with a full stop, and here it goes on.
                error == .hostNotASCII
                    ? "its host is not in ASCII; \(NameBeyondASCII.hint)" : String("\(error.sentence)".dropLast())
            )
        }
        guard target.form == .absolute || target.form == .authority else { throw wrong(url, "it names no host") }
        let path = String(decoding: bytes[target.path.range], as: UTF8.self)
        return PolicyQuestion(
            method,
            host: String(decoding: bytes[target.authority.host.range], as: UTF8.self),
            port: target.authority.port,
            path: target.form == .authority ? "" : path.hasPrefix("/") ? path : "/" + path,
            from: try options["from"].map { text throws(SettingFault) in try address(text, "--from") }
                ?? IPAddress(v4: 0x7f00_0001),
            user: options["user"].map { .named($0) } ?? .unknown,
            groups: groups(options) ?? [],
            listener: options["listener"],
            time: try options["at"].map { text throws(SettingFault) in try time(text) } ?? now
        )
    }

    /// The groups of `--groups NAME,NAME`; nil without it.
    static func groups(_ options: [String: String]) -> [String]? {
        options["groups"]?.split(separator: ",").map { String($0) }
    }

    /// The addresses of `--resolve HOST=ADDRESS,ADDRESS`.
    static func addresses(_ text: String, of host: String) throws(SettingFault) -> [IPAddress] {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw bad("--resolve", "\"\(text)\" names no host and address", "\(host)=192.0.2.1")
        }
        guard parts[0].lowercased() == host else {
            throw bad("--resolve", "the host that is asked for is \(host), not \(parts[0])", "\(host)=\(parts[1])")
        }
        var all: [IPAddress] = []
        for part in parts[1].split(separator: ",") { all.append(try address(String(part), "--resolve")) }
        return all
    }

    /// The name of `--sni NAME` as a ClientHello may bear it: a host name without a trailing dot, in any case (RFC 6066 §3).
    static func serverName(_ text: String) throws(SettingFault) -> String {
        if let fault = NameBeyondASCII.fault(text) { throw bad("--sni", fault.message, "xn--bcher-kva.example") }
        let bytes = Array(text.utf8)
        guard HostName.check(bytes.span, 0..<bytes.count) == nil, bytes.last != UInt8(ascii: ".") else {
            throw bad("--sni", "\"\(text)\" is no name that a ClientHello may bear", "www.example.org")
        }
        return text.lowercased()
    }

    /// Seconds since 1970 of `2026-01-31T12:00:00Z`, in UTC; the seconds, and the time, may be left out.
    static func time(_ text: String) throws(SettingFault) -> Int64 {
        let fault = bad("--at", "\"\(text)\" is no time", "2026-01-31T12:00Z")
        let digits = text.split { !$0.isNumber }.map { Int64($0) }
        let isShaped = text.utf8.allSatisfy { byte in
            byte &- UInt8(ascii: "0") < 10 || "-:TZ ".utf8.contains(byte)
        }
        guard isShaped, 3...6 ~= digits.count, let year = digits[0], let month = digits[1], let day = digits[2],
            1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day
        else { throw fault }
        let clock = digits.dropFirst(3).map { $0 ?? 99 } + [0, 0, 0]
        guard clock[0] < 24, clock[1] < 60, clock[2] < 60 else { throw fault }
        // Days from the civil calendar, by eras of 400 years that begin on 1 March.
        let shifted = year - (month <= 2 ? 1 : 0)
        let ofYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + ofYear - 719_468
        return days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    static func address(_ text: String, _ source: String) throws(SettingFault) -> IPAddress {
        guard let address = IPAddress(text) else {
            throw bad(source, "\"\(text)\" is no IP address", "192.0.2.1")
        }
        return address
    }

    /// A request head as a client would send it.
    private static func head(_ url: String, _ method: String?) throws(SettingFault) -> (String, String) {
        let isSecure = url.lowercased().hasPrefix("https://")
        if isSecure || !url.contains("://") || method == "CONNECT" {
            var authority = isSecure ? String(url.dropFirst(8)) : url
            if authority.lowercased().hasPrefix("http://") { authority = String(authority.dropFirst(7)) }
            authority = String(authority.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
            if !hasPort(authority) { authority += ":443" }
            return ("CONNECT", "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
        }
        let method = method ?? "GET"
        return (method, "\(method) \(url) HTTP/1.1\r\nHost: x\r\n\r\n")
    }

    private static func hasPort(_ authority: String) -> Bool {
        let tail = authority.split(separator: "]", omittingEmptySubsequences: false).last ?? ""
        return tail.contains(":")
    }

    private static func wrong(_ url: String, _ reason: String) -> SettingFault {
        .unusable(["\"\(url)\": \(reason); apus explain takes http://HOST/PATH, https://HOST or HOST:PORT"])
    }

    private static func bad(_ source: String, _ message: String, _ example: String) -> SettingFault {
        .badValue(source: source, message: message, example: "\(source) \(example)")
    }
}
