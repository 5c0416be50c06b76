/// A host and a port as offsets and values: what is looked up, judged and dialled.
public struct Authority: Sendable {
    /// The host as received, an IPv6 literal without its brackets.
    public var host: ByteRange
    /// The address, when the host is a literal.
    public var address: IPAddress?
    /// The port, 1 to 65535; the scheme's default when none was given.
    public var port: UInt16
    /// Whether the text named a port.
    public var namesPort: Bool
    /// Whether it named the port as a plain decimal, without leading zeros: then Host bears it as the target does, the scheme's own
    /// port too, for a signature may cover it.
    public var spellsPort = false

    /// Reads `host [":" port]` (RFC 3986 §3.2, RFC 9110 §4.2.1), which must fill the range.
    ///
    /// Userinfo is refused (RFC 9110 §4.2.4), so are all spellings of an IPv4 address but four decimal numbers.
    ///
    /// - Parameter defaultPort: what an absent or empty port means.
    static func parse(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        defaultPort: UInt16
    ) throws(RequestFault) -> Authority {
        var at = start
        let host: ByteRange
        var address: IPAddress?
        if at < end, bytes[at] == Ascii.leftBracket {
            while at < end, bytes[at] != Ascii.rightBracket { at &+= 1 }
            guard at < end else { throw .malformedHost }
            host = ByteRange(start + 1, at)
            guard let literal = IPAddress.parse(bytes, host.range), literal.family == .v6 else {
                throw contains(Ascii.percent, bytes, start, at) ? .zoneInHost : .malformedHost
            }
            address = literal
            at &+= 1
        } else {
            while at < end, bytes[at] != Ascii.colon, bytes[at] != Ascii.at { at &+= 1 }
            host = ByteRange(start, at)
            address = try name(bytes, host, end)
        }
        guard at < end else { return Authority(host: host, address: address, port: defaultPort, namesPort: false) }
        guard bytes[at] == Ascii.colon else {
            throw bytes[at] == Ascii.at ? .userinfoInTarget : .malformedHost
        }
        let (port, named) = try port(bytes, start, at + 1, end)
        return Authority(
            host: host,
            address: address,
            port: named ? port : defaultPort,
            namesPort: named,
            spellsPort: named && bytes[at + 1] != Ascii.zero
        )
    }

    /// Judges a host that is no IPv6 literal; the address when it is one of IPv4.
    @inline(__always)
    static func name(
        _ bytes: Span<UInt8>,
        _ host: ByteRange,
        _ end: Int
    ) throws(RequestFault) -> IPAddress? {
        if let last = host.isEmpty ? nil : bytes[Int(host.end) - 1], ByteClass.isDigit(last) || last == Ascii.dot {
            if let literal = IPAddress.parse(bytes, host.range), literal.family == .v4 { return literal }
        }
        guard let fault = HostName.check(bytes, host.range) else { return nil }
        if contains(Ascii.at, bytes, Int(host.start), end) { throw .userinfoInTarget }
        if let unbracketed = unbracketed(bytes, Int(host.start), end) { throw unbracketed }
        switch fault {
        case .legacyIPv4: throw .legacyIPv4Spelling
        case .nonASCII: throw .hostNotASCII
        default: throw .malformedHost
        }
    }

    /// What is wrong with an IPv6 address that stands without brackets; nil for all else.
    private static func unbracketed(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> RequestFault? {
        var colons = 0
        for i in start..<end {
            switch bytes[i] {
            case Ascii.colon: colons += 1
            case Ascii.percent: return colons > 1 ? .zoneInHost : nil
            case Ascii.dot: break
            default: guard ByteClass.hexValue(bytes[i]) < 16 else { return nil }
            }
        }
        return colons > 1 ? .unbracketedIPv6 : nil
    }

    /// Reads the digits of a port; an empty one counts as not named (RFC 9110 §4.2.1).
    private static func port(
        _ bytes: Span<UInt8>,
        _ host: Int,
        _ start: Int,
        _ end: Int
    ) throws(RequestFault) -> (UInt16, Bool) {
        var value: UInt32 = 0
        for i in start..<end {
            guard ByteClass.isDigit(bytes[i]) else {
                if contains(Ascii.at, bytes, i, end) { throw .userinfoInTarget }
                throw unbracketed(bytes, host, end) ?? .malformedHost
            }
            value = value &* 10 &+ UInt32(bytes[i] &- Ascii.zero)
            guard value <= 0xffff else { throw .portOutOfRange }
        }
        guard start < end else { return (0, false) }
        guard value > 0 else { throw .portOutOfRange }
        return (UInt16(value), true)
    }

    private static func contains(_ byte: UInt8, _ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        for i in start..<end where bytes[i] == byte { return true }
        return false
    }

    /// Whether a Host field's value is, byte for byte, the name that was already found valid: the usual case.
    @inline(__always)
    func isSpelled(_ bytes: Span<UInt8>, _ value: ByteRange) -> Bool {
        guard !host.isEmpty, value.count >= host.count, address?.family != .v6 else { return false }
        let start = Int(value.start)
        for i in 0..<host.count where bytes[start &+ i] != bytes[Int(host.start) &+ i] { return false }
        if value.count == host.count { return true }
        guard bytes[start &+ host.count] == Ascii.colon else { return false }
        var number: UInt32 = 0
        for i in start &+ host.count &+ 1..<Int(value.end) {
            guard ByteClass.isDigit(bytes[i]), number < 10_000 else { return false }
            number = number &* 10 &+ UInt32(bytes[i] &- Ascii.zero)
        }
        return number == UInt32(port)
    }

    /// The host and port that a Host field names; `nil` when it is empty or names none.
    public static func host(_ bytes: Span<UInt8>, _ value: ByteRange) -> Authority? {
        do throws(RequestFault) {
            return try parse(bytes, Int(value.start), Int(value.end), defaultPort: 80)
        } catch {
            return nil
        }
    }

    /// Whether a Host field's value is valid: empty, or host and optional port (RFC 9110 §7.2).
    ///
    /// It is held to what a target is held to, although the target decides where the request goes: what one recipient
    /// reads as an address and another as a name is not passed over.
    @inline(__always)
    static func isValidHost(_ bytes: Span<UInt8>, _ value: ByteRange) -> Bool {
        value.isEmpty || host(bytes, value) != nil
    }
}
