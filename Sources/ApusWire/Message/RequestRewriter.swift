/// Writes the request that goes to the origin (RFC 9112 §3.2.1, §3.2.2; RFC 9110 §7.6).
public enum RequestRewriter {
    /// Writes the outgoing head into the scratch from offset 0.
    ///
    /// The target becomes origin-form, Host is made from it, fields that end here are dropped, Via is added; all else
    /// stays as received, in runs of adjacent lines.
    ///
    /// - Returns: the length, or `nil` when the scratch is too small.
    public static func write(
        _ bytes: Span<UInt8>,
        _ head: RequestHead,
        _ target: RequestTarget,
        _ facts: RequestProperties,
        _ fields: borrowing FieldTable,
        text: HeadText,
        into scratch: inout MutableSpan<UInt8>
    ) -> Int? {
        let fixed = text.bytes.span
        var writer = HeadWriter(at: 0)
        writer.write(bytes, ByteRange(Int(head.method.start), Int(head.method.end) + 1), to: &scratch)
        if target.path.isEmpty {
            // RFC 9112 §3.2.4: OPTIONS without a path means the server as a whole.
            writer.write(byte: head.kind == .options ? Ascii.asterisk : Ascii.slash, to: &scratch)
        } else {
            if bytes[Int(target.path.start)] != Ascii.slash { writer.write(byte: Ascii.slash, to: &scratch) }
            writer.write(bytes, target.path, to: &scratch)
        }
        writer.write(fixed, text.requestVersion, to: &scratch)
        host(bytes, target.authority, &writer, to: &scratch)
        writer.write(fixed, text.lineEnd, to: &scratch)
        runs(bytes, facts, fields, &writer, to: &scratch)
        if let hops = facts.maxForwards {
            writer.write(fixed, text.maxForwards, to: &scratch)
            writer.write(number: UInt64(hops) - (hops > 0 ? 1 : 0), to: &scratch)
            writer.write(fixed, text.lineEnd, to: &scratch)
        }
        if !facts.upgrade.isEmpty { upgrade(bytes, facts, fields, text, &writer, to: &scratch) }
        if facts.takesTrailers || !facts.upgrade.isEmpty {
            let options =
                facts.upgrade.isEmpty
                ? text.trailers : facts.takesTrailers ? text.trailersAndUpgrade : text.connectionUpgrade
            writer.write(fixed, options, to: &scratch)
        }
        writer.write(fixed, facts.version == .http10 ? text.lastLines10 : text.lastLines11, to: &scratch)
        return writer.end
    }

    /// Host as the target names it, and the port as it is written there; what is no plain decimal (`:`, `:0080`) in its normal
    /// form, which leaves the scheme's own port out (RFC 9110 §4.2.3).
    @inline(__always)
    private static func host(
        _ bytes: Span<UInt8>,
        _ authority: Authority,
        _ writer: inout HeadWriter,
        to scratch: inout MutableSpan<UInt8>
    ) {
        if authority.address?.family == .v6 {
            writer.write(byte: Ascii.leftBracket, to: &scratch)
            writer.write(bytes, authority.host, to: &scratch)
            writer.write(byte: Ascii.rightBracket, to: &scratch)
        } else {
            writer.write(bytes, authority.host, to: &scratch)
        }
        guard authority.port != 80 || authority.spellsPort else { return }
        writer.write(byte: Ascii.colon, to: &scratch)
        writer.write(number: UInt64(authority.port), to: &scratch)
    }

    /// The kept lines; adjacent ones are one copy.
    @inline(__always)
    private static func runs(
        _ bytes: Span<UInt8>,
        _ facts: RequestProperties,
        _ fields: borrowing FieldTable,
        _ writer: inout HeadWriter,
        to scratch: inout MutableSpan<UInt8>
    ) {
        let named = facts.nominates ? NominatedNames(bytes, fields) : nil
        var run = ByteRange.empty
        for position in 0..<fields.count {
            if drops(fields[position].known, facts) { continue }
            if let named, named.contains(bytes, fields[position].name) { continue }
            let line = fields[position].line
            if run.end == line.start, !run.isEmpty {
                run.end = line.end
            } else {
                if !run.isEmpty { writer.write(bytes, run, to: &scratch) }
                run = line
            }
        }
        if !run.isEmpty { writer.write(bytes, run, to: &scratch) }
    }

    @inline(__always)
    private static func drops(_ known: KnownField, _ facts: RequestProperties) -> Bool {
        if known.isHopByHop || known == .host { return true }
        if known == .expect, facts.version == .http10 { return true }
        return known == .maxForwards && facts.maxForwards != nil
    }

    /// The Upgrade line anew, without `h2c`.
    private static func upgrade(
        _ bytes: Span<UInt8>,
        _ facts: RequestProperties,
        _ fields: borrowing FieldTable,
        _ text: HeadText,
        _ writer: inout HeadWriter,
        to scratch: inout MutableSpan<UInt8>
    ) {
        writer.write(text.bytes.span, text.upgrade, to: &scratch)
        var written = 0
        for position in 0..<fields.count where fields[position].known == .upgrade {
            var elements = ListElements(fields[position].value)
            while written < facts.upgrade.count, let element = elements.next(bytes) {
                guard !element.isEmpty, !UpgradeOffer.isH2C(bytes, element) else { continue }
                if written > 0 {
                    writer.write(byte: Ascii.comma, to: &scratch)
                    writer.write(byte: Ascii.space, to: &scratch)
                }
                writer.write(bytes, element, to: &scratch)
                written += 1
            }
        }
        writer.write(text.bytes.span, text.lineEnd, to: &scratch)
    }
}
