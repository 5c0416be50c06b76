/// Writes the response that goes to the client (RFC 9112 §4, §6.1; RFC 9110 §6.6.1, §7.6).
public enum ResponseRewriter {
    /// What the client's side asks of the head.
    public struct Manner: Sendable {
        /// The client's connection ends with this response.
        public var closes: Bool
        /// The transfer coding is taken off: the client speaks HTTP/1.0 (RFC 9112 §6.1).
        public var stripsCoding: Bool
        /// The client is told that a connection that the origin authenticates will be its own (RFC 4559 §6), and the field is named by
        /// Connection, for the next hop speaks for itself.
        public var servesSessions: Bool

        /// Makes a manner.
        public init(closes: Bool, stripsCoding: Bool, servesSessions: Bool = false) {
            self.closes = closes
            self.stripsCoding = stripsCoding
            self.servesSessions = servesSessions
        }
    }

    /// Writes the outgoing head into the scratch from offset 0.
    ///
    /// - Returns: the length, or `nil` when the scratch is too small.
    public static func write(
        _ bytes: Span<UInt8>,
        _ head: ResponseHead,
        _ facts: ResponseProperties,
        _ fields: borrowing FieldTable,
        manner: Manner,
        text: HeadText,
        into scratch: inout MutableSpan<UInt8>
    ) -> Int? {
        let fixed = text.bytes.span
        var writer = HeadWriter(at: 0)
        writer.write(fixed, text.statusVersion, to: &scratch)
        var run = head.statusLine
        if head.lacksSpace {
            writer.write(bytes, ByteRange(Int(run.start), Int(run.start) + 3), to: &scratch)
            writer.write(byte: Ascii.space, to: &scratch)
            run.start += 3
        }
        let named = facts.nominates ? NominatedNames(bytes, fields) : nil
        for position in 0..<fields.count {
            switch fate(of: fields[position].known, facts, manner) {
            case .stays: break
            case .ends: continue
            case .staysUnlessNamed:
                if let named, named.contains(bytes, fields[position].name) { continue }
            }
            let line = fields[position].line
            if fields[position].spaced {
                writer.write(bytes, run, to: &scratch)
                run = .empty
                spaced(bytes, fields[position], text, &writer, to: &scratch)
            } else if run.end == line.start, !run.isEmpty {
                run.end = line.end
            } else {
                writer.write(bytes, run, to: &scratch)
                run = line
            }
        }
        writer.write(bytes, run, to: &scratch)
        if let length = facts.collapsedLength, !facts.forbidsFraming {
            writer.write(fixed, text.contentLength, to: &scratch)
            writer.write(number: length, to: &scratch)
            writer.write(fixed, text.lineEnd, to: &scratch)
        }
        if keepsUpgrade(facts.status) { upgrade(bytes, fields, text, &writer, to: &scratch) }
        if !facts.hasDate, facts.status >= 200 { writer.write(fixed, text.date, to: &scratch) }
        if manner.servesSessions { writer.write(fixed, text.proxySupport, to: &scratch) }
        if manner.closes { writer.write(fixed, text.connectionClose, to: &scratch) }
        writer.write(fixed, facts.version == .http10 ? text.lastLines10 : text.lastLines11, to: &scratch)
        return writer.end
    }

    /// What becomes of a field line.
    private enum Fate {
        case stays, staysUnlessNamed, ends
    }

    @inline(__always)
    private static func fate(of known: KnownField, _ facts: ResponseProperties, _ manner: Manner) -> Fate {
        switch known {
        case .contentLength: facts.forbidsFraming || facts.collapsedLength != nil ? .ends : .stays
        case .transferEncoding: facts.forbidsFraming || manner.stripsCoding ? .ends : .stays
        case .trailer where manner.stripsCoding: .ends
        case .date, .via: .stays
        default: known.isHopByHop ? .ends : .staysUnlessNamed
        }
    }

    /// 101 and 426 say by Upgrade which protocol they mean (RFC 9110 §7.8, §15.5.22).
    @inline(__always)
    private static func keepsUpgrade(_ status: UInt16) -> Bool { status == 101 || status == 426 }

    private static func upgrade(
        _ bytes: Span<UInt8>,
        _ fields: borrowing FieldTable,
        _ text: HeadText,
        _ writer: inout HeadWriter,
        to scratch: inout MutableSpan<UInt8>
    ) {
        var found = false
        for position in 0..<fields.count where fields[position].known == .upgrade {
            found = true
            spaced(bytes, fields[position], text, &writer, to: &scratch)
        }
        if found { writer.write(text.bytes.span, text.connectionUpgrade, to: &scratch) }
    }

    /// A line with white space before its colon, without it (RFC 9112 §5.1).
    private static func spaced(
        _ bytes: Span<UInt8>,
        _ field: Field,
        _ text: HeadText,
        _ writer: inout HeadWriter,
        to scratch: inout MutableSpan<UInt8>
    ) {
        writer.write(bytes, field.name, to: &scratch)
        writer.write(byte: Ascii.colon, to: &scratch)
        writer.write(byte: Ascii.space, to: &scratch)
        writer.write(bytes, field.value, to: &scratch)
        writer.write(text.bytes.span, text.lineEnd, to: &scratch)
    }
}
