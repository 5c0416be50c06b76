/// What can be wrong with a field line, whoever sent it (RFC 9112 §2.2, §5).
enum FieldFault: UInt8, Sendable {
    case malformedName, spaceBeforeColon, malformedValue, obsoleteFolding, leadingSpace, bareCR, bareLF
    case lineTooLong, tooManyFields
}

/// The field section of a head, up to and with the empty line.
enum FieldSection {
    enum Outcome {
        case complete(end: Int)
        case incomplete
        case invalid(FieldFault)
    }

    /// Whose section is read: a space before the colon is refused in a request and removed in a response (RFC 9112 §5.1).
    enum Sender {
        case client, origin
    }

    /// Fills the table with the field lines from `start` on.
    static func parse(
        _ bytes: Span<UInt8>,
        from start: Int,
        limits: HeadLimits,
        sender: Sender,
        fields: inout FieldTable
    ) -> Outcome {
        let end = bytes.count
        var at = start
        fields.removeAll()
        while true {
            guard at < end else { return .incomplete }
            let first = bytes[at]
            if first == Ascii.cr {
                guard at + 1 < end else { return .incomplete }
                return bytes[at + 1] == Ascii.lf ? .complete(end: at + 2) : .invalid(.bareCR)
            }
            if first == Ascii.lf { return .invalid(.bareLF) }
            if ByteClass.isBlank(first) {
                return .invalid(fields.count == 0 ? .leadingSpace : .obsoleteFolding)
            }
            switch line(bytes, from: at, limits: limits, sender: sender) {
            case .field(let field):
                guard fields.count < limits.fields, fields.append(field) else { return .invalid(.tooManyFields) }
                at = Int(field.line.end)
            case .incomplete: return .incomplete
            case .invalid(let fault): return .invalid(fault)
            }
        }
    }

    private enum Line {
        case field(Field)
        case incomplete
        case invalid(FieldFault)
    }

    @inline(__always)
    private static func line(
        _ bytes: Span<UInt8>,
        from start: Int,
        limits: HeadLimits,
        sender: Sender
    ) -> Line {
        let end = bytes.count
        var at = WordScan.endOfToken(bytes, from: start, to: end)
        let nameEnd = at
        guard at < end else { return at - start > limits.fieldLine ? .invalid(.lineTooLong) : .incomplete }
        var spaced = false
        if bytes[at] != Ascii.colon {
            while at < end, ByteClass.isBlank(bytes[at]) { at &+= 1 }
            guard at - start <= limits.fieldLine else { return .invalid(.lineTooLong) }
            guard at < end else { return .incomplete }
            guard bytes[at] == Ascii.colon, nameEnd > start else {
                return .invalid(bytes[at] == Ascii.lf ? .bareLF : .malformedName)
            }
            if sender == .client { return .invalid(.spaceBeforeColon) }
            spaced = true
        }
        guard nameEnd > start else { return .invalid(.malformedName) }
        at &+= 1
        while at < end, ByteClass.isBlank(bytes[at]) { at &+= 1 }
        let valueStart = at
        at = WordScan.endOfFieldContent(bytes, from: at, to: end)
        guard at - start <= limits.fieldLine else { return .invalid(.lineTooLong) }
        guard at < end else { return .incomplete }
        guard bytes[at] == Ascii.cr else { return .invalid(bytes[at] == Ascii.lf ? .bareLF : .malformedValue) }
        guard at + 1 < end else { return .incomplete }
        guard bytes[at + 1] == Ascii.lf else { return .invalid(.bareCR) }
        var valueEnd = at
        while valueEnd > valueStart, ByteClass.isBlank(bytes[valueEnd - 1]) {
            valueEnd &-= 1
        }
        let (before, last) = WordScan.packed(bytes, start, nameEnd)
        var known = KnownField.named(count: nameEnd - start, before: before, last: last)
        if nameEnd - start > 16, !known.matchesPrefix(bytes, start) { known = .other }
        return .field(
            Field(
                name: ByteRange(start, nameEnd),
                value: ByteRange(valueStart, valueEnd),
                line: ByteRange(start, at + 2),
                known: known,
                spaced: spaced
            )
        )
    }
}
