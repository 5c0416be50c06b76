/// A request head as offsets into the bytes that were parsed; its field lines are in the ``FieldTable``.
public struct RequestHead: Sendable {
    /// The method as received.
    public var method: ByteRange
    /// Which method it is.
    public var kind: Method
    /// The request target as received.
    public var target: ByteRange
    /// The version as received.
    public var version: HTTPVersion
    /// The offset behind the head's empty line.
    public var end: Int

    /// A head of these parts.
    public init(method: ByteRange, kind: Method, target: ByteRange, version: HTTPVersion, end: Int) {
        self.method = method
        self.kind = kind
        self.target = target
        self.version = version
        self.end = end
    }

    /// The minor version as received, from 0 to 9, which ``version`` brings down to what is spoken here (RFC 9110 §2.5).
    public func minorVersion(_ bytes: Span<UInt8>) -> UInt8 { bytes[Int(target.end) + 8] &- Ascii.zero }

    /// The offset behind the request line: `HTTP/1.1` and its line end stand behind the target and a space (RFC 9112 §3).
    public var lineEnd: Int { Int(target.end) + 11 }
}

/// What a look at the bytes of a head came to.
public enum HeadOutcome<Head: Sendable, Fault: Sendable>: Sendable {
    /// All of the head is there.
    case complete(Head)
    /// More bytes are needed.
    case incomplete
    /// It can be no head.
    case invalid(Fault)
}

/// Reads request heads (RFC 9112 §2.2, §3, §5): strict, one call a read.
public enum RequestParser {
    /// The most empty lines skipped before a request line (RFC 9112 §2.2 asks for at least one).
    static let emptyLines = 4

    /// Reads one head from the start of the bytes.
    ///
    /// - Parameters:
    ///   - bytes: all that has come since the last message ended.
    ///   - fields: filled with the field lines; void unless the outcome is `complete`.
    public static func parse(
        _ bytes: Span<UInt8>,
        limits: HeadLimits,
        fields: inout FieldTable
    ) -> HeadOutcome<RequestHead, RequestFault> {
        var start = 0
        while start < bytes.count, bytes[start] == Ascii.cr || bytes[start] == Ascii.lf {
            guard bytes[start] == Ascii.cr else { return .invalid(.bareLF) }
            guard start + 1 < bytes.count else { return .incomplete }
            guard bytes[start + 1] == Ascii.lf else { return .invalid(.bareCR) }
            start += 2
            guard start <= emptyLines * 2 else { return .invalid(.emptyLinesBeforeRequest) }
        }
        // Nothing behind the limit is looked at, so that a fault never depends on how much has come already.
        let room = bytes.extracting(0..<min(bytes.count, start &+ limits.head))
        let missing: HeadOutcome<RequestHead, RequestFault> =
            room.count - start < limits.head ? .incomplete : .invalid(.headTooLarge)
        var head: RequestHead
        switch requestLine(room, from: start, limits: limits) {
        case .complete(let line): head = line
        case .incomplete: return missing
        case .invalid(let fault): return .invalid(fault)
        }
        switch FieldSection.parse(room, from: head.end, limits: limits, sender: .client, fields: &fields) {
        case .complete(let end):
            head.end = end
            return .complete(head)
        case .incomplete: return missing
        case .invalid(let fault): return .invalid(RequestFault(fault))
        }
    }

    /// Whether there is nothing but empty lines, which a client may send in front of a request or behind a body (RFC 9112 §2.2).
    public static func isOnlyEmptyLines(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count <= emptyLines * 2 else { return false }
        for index in 0..<bytes.count where bytes[index] != Ascii.cr && bytes[index] != Ascii.lf { return false }
        return true
    }

    private static func requestLine(
        _ bytes: Span<UInt8>,
        from start: Int,
        limits: HeadLimits
    ) -> HeadOutcome<RequestHead, RequestFault> {
        let end = bytes.count
        var at = start
        var packed: UInt64 = 0
        while at < end, ByteClass.isToken(bytes[at]) {
            packed = packed &<< 8 | UInt64(bytes[at])
            at &+= 1
        }
        let method = ByteRange(start, at)
        guard at < end else { return at - start > limits.startLine ? .invalid(.requestLineTooLong) : .incomplete }
        guard bytes[at] == Ascii.space, !method.isEmpty else {
            guard at - start <= limits.startLine else { return .invalid(.requestLineTooLong) }
            return .invalid(misplaced(bytes[at], else: .malformedMethod))
        }
        at &+= 1
        let targetStart = at
        // A target is printable ASCII (RFC 3986). Bytes from 0x80 on are passed on as they come in path and query, as nginx and Squid do:
        // there are clients that send them, and whoever decides or logs takes them as percent-encoded. RFC 9112 §3 says that a
        // malformed line should be refused; controls and spaces are.
        at = WordScan.endOfTarget(bytes, from: at, to: end)
        let target = ByteRange(targetStart, at)
        guard at - start <= limits.startLine else { return .invalid(.requestLineTooLong) }
        guard at < end else { return .incomplete }
        guard bytes[at] == Ascii.space, !target.isEmpty else {
            return .invalid(misplaced(bytes[at], else: .malformedTarget))
        }
        at &+= 1
        let versionStart = at
        while at < end, bytes[at] > Ascii.space, bytes[at] < 0x7f { at &+= 1 }
        guard at - start <= limits.startLine else { return .invalid(.requestLineTooLong) }
        guard at < end else { return .incomplete }
        guard bytes[at] == Ascii.cr else { return .invalid(misplaced(bytes[at], else: .malformedRequestLine)) }
        guard at + 1 < end else { return .incomplete }
        guard bytes[at + 1] == Ascii.lf else { return .invalid(.bareCR) }
        let kind = Method.named(count: method.count, packed: packed)
        switch HTTPVersion.parse(bytes, versionStart, at) {
        case .version(let version):
            return .complete(RequestHead(method: method, kind: kind, target: target, version: version, end: at + 2))
        case .unsupported:
            // `PRI * HTTP/2.0` (RFC 9113 §3.4).
            let isPreface = method.count == 3 && packed == 0x50_5249 && bytes[versionStart + 5] == 0x32
            return .invalid(isPreface ? .http2Preface : .unsupportedVersion)
        case .malformed: return .invalid(.malformedVersion)
        }
    }

    /// A line end where none may be has its own name; any other byte is the part's own fault.
    private static func misplaced(_ byte: UInt8, else fault: RequestFault) -> RequestFault {
        switch byte {
        case Ascii.lf: return .bareLF
        case Ascii.cr: return .malformedRequestLine
        default: return fault
        }
    }
}

extension RequestFault {
    init(_ fault: FieldFault) {
        switch fault {
        case .malformedName: self = .malformedFieldName
        case .spaceBeforeColon: self = .spaceBeforeColon
        case .malformedValue: self = .malformedFieldValue
        case .obsoleteFolding: self = .obsoleteFolding
        case .leadingSpace: self = .leadingSpace
        case .bareCR: self = .bareCR
        case .bareLF: self = .bareLF
        case .lineTooLong: self = .fieldLineTooLong
        case .tooManyFields: self = .tooManyFields
        }
    }
}
