public import ApusWire

/// By which of its parts a request head exceeds a limit, for people.
public struct ExceededLimit: Sendable {
    /// The part, how large it is, and the limit.
    public let sentence: String

    /// Says what was exceeded; nil for a fault that is of another kind.
    public init?(_ fault: RequestFault, _ head: FaultyHead, _ bytes: Span<UInt8>, _ limits: HeadLimits) {
        let field = String(decoding: head.field.range.map { bytes[$0] }, as: UTF8.self)
        switch fault {
        case .requestLineTooLong:
            sentence = "It may have \(limits.startLine) bytes."
        case .fieldLineTooLong where !field.isEmpty:
            sentence = "\(field) has \(head.fieldBytes) bytes or more; a field may have \(limits.fieldLine)."
        case .fieldLineTooLong:
            sentence = "A field may have \(limits.fieldLine) bytes."
        case .headTooLarge where !field.isEmpty:
            sentence =
                "All fields together may have \(limits.head) bytes; the largest is \(field), with \(head.fieldBytes) bytes or more."
        case .headTooLarge:
            sentence = "It may have \(limits.head) bytes."
        case .tooManyFields:
            sentence = "There may be \(limits.fields)."
        default:
            return nil
        }
    }
}
