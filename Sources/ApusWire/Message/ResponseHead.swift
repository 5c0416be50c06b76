/// A response head as offsets into the bytes that were parsed; its field lines are in the ``FieldTable``.
public struct ResponseHead: Sendable {
    /// The status code, 100 to 599.
    public var status: UInt16
    /// The version as received.
    public var version: HTTPVersion
    /// From the status code to the CRLF of the status line, both included.
    public var statusLine: ByteRange
    /// Whether the space that must follow the status code is missing and has to be written (RFC 9112 §4).
    public var lacksSpace: Bool
    /// The offset behind the head's empty line.
    public var end: Int
}

/// Reads response heads (RFC 9112 §2.2, §4, §5): strict, one call a read.
public enum ResponseParser {
    /// Reads one head from the start of the bytes; `fields` is void unless the outcome is `complete`.
    public static func parse(
        _ bytes: Span<UInt8>,
        limits: HeadLimits,
        fields: inout FieldTable
    ) -> HeadOutcome<ResponseHead, ResponseFault> {
        // Nothing behind the limit is looked at, so that a fault never depends on how much has come already.
        let room = bytes.extracting(0..<min(bytes.count, limits.head))
        let missing: HeadOutcome<ResponseHead, ResponseFault> =
            room.count < limits.head ? .incomplete : .invalid(.headTooLarge)
        var head: ResponseHead
        switch statusLine(room, limits: limits) {
        case .complete(let line): head = line
        case .incomplete: return missing
        case .invalid(let fault): return .invalid(fault)
        }
        switch FieldSection.parse(room, from: head.end, limits: limits, sender: .origin, fields: &fields) {
        case .complete(let end):
            head.end = end
            return .complete(head)
        case .incomplete: return missing
        case .invalid(let fault): return .invalid(ResponseFault(fault))
        }
    }

    private static func statusLine(
        _ bytes: Span<UInt8>,
        limits: HeadLimits
    ) -> HeadOutcome<ResponseHead, ResponseFault> {
        let end = bytes.count
        let at = WordScan.endOfFieldContent(bytes, from: 0, to: end)
        guard at <= limits.startLine else { return .invalid(.headTooLarge) }
        guard at < end else { return .incomplete }
        guard bytes[at] == Ascii.cr else { return .invalid(bytes[at] == Ascii.lf ? .bareLF : .malformedStatusLine) }
        guard at + 1 < end else { return .incomplete }
        guard bytes[at + 1] == Ascii.lf else { return .invalid(.bareCR) }
        guard at >= 12, bytes[8] == Ascii.space else { return .invalid(.malformedStatusLine) }
        let version: HTTPVersion
        switch HTTPVersion.parse(bytes, 0, 8) {
        case .version(let read): version = read
        case .unsupported: return .invalid(.unsupportedVersion)
        case .malformed: return .invalid(.malformedStatusLine)
        }
        guard ByteClass.isDigit(bytes[9]), ByteClass.isDigit(bytes[10]), ByteClass.isDigit(bytes[11]) else {
            return .invalid(.malformedStatusLine)
        }
        guard at == 12 || bytes[12] == Ascii.space else { return .invalid(.malformedStatusLine) }
        let status = UInt16(bytes[9] - 0x30) * 100 + UInt16(bytes[10] - 0x30) * 10 + UInt16(bytes[11] - 0x30)
        guard status >= 100, status < 600 else { return .invalid(.statusOutOfRange) }
        return .complete(
            ResponseHead(
                status: status,
                version: version,
                statusLine: ByteRange(9, at + 2),
                lacksSpace: at == 12,
                end: at + 2
            )
        )
    }
}

extension ResponseFault {
    init(_ fault: FieldFault) {
        switch fault {
        case .malformedName, .spaceBeforeColon: self = .malformedFieldName
        case .leadingSpace: self = .leadingSpace
        case .malformedValue: self = .malformedFieldValue
        case .obsoleteFolding: self = .obsoleteFolding
        case .bareCR: self = .bareCR
        case .bareLF: self = .bareLF
        case .lineTooLong: self = .fieldLineTooLong
        case .tooManyFields: self = .tooManyFields
        }
    }
}
