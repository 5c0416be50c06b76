/// The four forms of a request target (RFC 9112 §3.2).
public enum TargetForm: UInt8, Sendable {
    case origin, absolute, authority, asterisk
}

/// A request target taken apart.
public struct RequestTarget: Sendable {
    /// Which of the forms it has.
    public var form: TargetForm
    /// The host and port of an absolute-form or authority-form target.
    public var authority: Authority
    /// The path and query as received; empty when an absolute-form has neither.
    public var path: ByteRange

    /// A target of these parts.
    public init(form: TargetForm, authority: Authority, path: ByteRange) {
        self.form = form
        self.authority = authority
        self.path = path
    }

    /// Reads the target of a request.
    ///
    /// A fragment is refused: it is no part of a request target (RFC 9112 §3.2).
    public static func parse(_ bytes: Span<UInt8>, _ head: RequestHead) throws(RequestFault) -> RequestTarget {
        let start = Int(head.target.start)
        let end = Int(head.target.end)
        let none = Authority(host: .empty, address: nil, port: 0, namesPort: false)
        if head.kind == .connect {
            return RequestTarget(form: .authority, authority: try connect(bytes, start, end), path: .empty)
        }
        let first = bytes[start]
        if first == Ascii.slash {
            try refuseFragment(bytes, start, end)
            return RequestTarget(form: .origin, authority: none, path: head.target)
        }
        if first == Ascii.asterisk, end - start == 1 {
            guard head.kind == .options else { throw .asteriskWithoutOptions }
            return RequestTarget(form: .asterisk, authority: none, path: head.target)
        }
        let authorityStart: Int
        do throws(RequestFault) { authorityStart = try scheme(bytes, start, end) } catch {
            throw error == .malformedTarget && isConnect(bytes, head.method) ? .connectInOtherCase : error
        }
        var at = authorityStart
        while at < end, bytes[at] != Ascii.slash, bytes[at] != Ascii.question, bytes[at] != Ascii.hash { at &+= 1 }
        guard at > authorityStart else { throw .malformedTarget }
        let authority = try Authority.parse(bytes, authorityStart, at, defaultPort: 80)
        try refuseFragment(bytes, at, end)
        return RequestTarget(form: .absolute, authority: authority, path: ByteRange(at, end))
    }

    /// Whether a method that is not CONNECT spells it in another case.
    private static func isConnect(_ bytes: Span<UInt8>, _ method: ByteRange) -> Bool {
        guard method.count == 7 else { return false }
        var packed: UInt64 = 0
        for i in method.range { packed = packed &<< 8 | UInt64(bytes[i] | 0x20) }
        return packed == 0x63_6f6e_6e65_6374
    }

    @inline(__always)
    private static func refuseFragment(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(RequestFault) {
        for i in start..<end where bytes[i] == Ascii.hash { throw .fragmentInTarget }
    }

    /// Reads `http://`; the offset of the authority.
    @inline(__always)
    private static func scheme(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(RequestFault) -> Int {
        if end - start >= 7,
            bytes[start] | 0x20 == 0x68, bytes[start + 1] | 0x20 == 0x74, bytes[start + 2] | 0x20 == 0x74,
            bytes[start + 3] | 0x20 == 0x70, bytes[start + 4] == Ascii.colon,
            bytes[start + 5] == Ascii.slash, bytes[start + 6] == Ascii.slash
        {
            return start + 7
        }
        throw otherScheme(bytes, start, end)
    }

    /// Names what stands where `http://` is expected: another scheme is not implemented, all else is malformed.
    private static func otherScheme(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> RequestFault {
        var at = start
        while at < end, isSchemeByte(bytes[at], first: at == start) { at &+= 1 }
        guard at > start, end - at >= 3, bytes[at] == Ascii.colon, bytes[at + 1] == Ascii.slash,
            bytes[at + 2] == Ascii.slash
        else { return .malformedTarget }
        let https: StaticString = "https"
        guard at - start == https.utf8CodeUnitCount else { return .unsupportedScheme }
        let packed = (start..<at).reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1] | 0x20) }
        return packed == 0x68_7474_7073 ? .httpsWithoutConnect : .unsupportedScheme
    }

    private static func isSchemeByte(_ byte: UInt8, first: Bool) -> Bool {
        if (byte | 0x20) &- 0x61 < 26 { return true }
        return !first && (ByteClass.isDigit(byte) || byte == 0x2b || byte == 0x2d || byte == Ascii.dot)
    }

    /// Reads the authority-form of CONNECT, which must name a port (RFC 9110 §9.3.6, RFC 9112 §3.2.3).
    private static func connect(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(RequestFault) -> Authority {
        for i in start..<end where bytes[i] == Ascii.slash || bytes[i] == Ascii.question || bytes[i] == Ascii.hash {
            throw .connectTargetMalformed
        }
        if end - start == 1, bytes[start] == Ascii.asterisk { throw .connectTargetMalformed }
        let authority = try Authority.parse(bytes, start, end, defaultPort: 0)
        guard authority.namesPort else { throw .connectPortMissing }
        return authority
    }
}
