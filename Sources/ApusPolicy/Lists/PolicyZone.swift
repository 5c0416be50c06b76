import ApusWire

/// The reader of ``HostListFormat/rpz``.
struct PolicyZone: ~Copyable {
    private enum Action { case refuse, pass, other }

    private static let drop = Array("rpz-drop.".utf8)
    private static let passthru = Array("rpz-passthru.".utf8)
    private static let wildcard = Array("*.".utf8)
    private static let triggers = [".rpz-ip", ".rpz-client-ip", ".rpz-nsip", ".rpz-nsdname"].map { Array($0.utf8) }
    private static let classes = ["in", "ch", "hs"].map { Array($0.utf8) }
    private static let types = (
        soa: Array("soa".utf8), ns: Array("ns".utf8), cname: Array("cname".utf8),
        a: Array("a".utf8), aaaa: Array("aaaa".utf8)
    )

    private var names = ZoneName()
    /// The owner of the record that was read last, absolute, in lower case.
    private var owner: [UInt8] = []
    private var target: [UInt8] = []

    static func read(_ bytes: Span<UInt8>) -> HostListReading {
        var reading = HostListReading(precedence: .nearest)
        var zone = PolicyZone()
        var records = ZoneRecords()
        while records.next(bytes) { zone.take(bytes, records, into: &reading) }
        return reading
    }

    private init() {}

    private mutating func take(_ bytes: Span<UInt8>, _ record: ZoneRecords, into reading: inout HostListReading) {
        guard !record.isBroken, let first = record.words.first else {
            reading.skip(.record, line: record.start)
            return
        }
        if !record.keepsOwner, bytes[first.lowerBound] == UInt8(ascii: "$") {
            direct(bytes, record, into: &reading)
            return
        }
        if !record.keepsOwner { names.write(bytes, first, into: &owner) }
        var words = record.words.dropFirst(record.keepsOwner ? 0 : 1)
        while let word = words.first, isTimeOrClass(bytes, word) { words.removeFirst() }
        guard let type = words.popFirst(), !owner.isEmpty else {
            reading.skip(.record, line: record.start)
            return
        }
        let isSOA = TextLines.equals(bytes, type, Self.types.soa)
        names.setApex(isSOA ? owner : names.origin)
        if isSOA || TextLines.equals(bytes, type, Self.types.ns) { return }
        trigger(bytes, type, words.first, record.start, into: &reading)
    }

    /// `$ORIGIN` and `$TTL`.
    private mutating func direct(_ bytes: Span<UInt8>, _ record: ZoneRecords, into reading: inout HostListReading) {
        if TextLines.equals(bytes, record.words[0], Array("$ttl".utf8)) { return }
        if record.words.count > 1, TextLines.equals(bytes, record.words[0], Array("$origin".utf8)) {
            names.setOrigin(bytes, record.words[1])
        } else {
            reading.skip(.directive, line: record.start)
        }
    }

    private mutating func trigger(
        _ bytes: Span<UInt8>,
        _ type: Range<Int>,
        _ data: Range<Int>?,
        _ line: Int,
        into reading: inout HostListReading
    ) {
        guard let count = names.relativeCount(owner) else {
            reading.skip(.outsideZone, line: line)
            return
        }
        // What a zone says of itself is no trigger.
        if count == 0 { return }
        guard let data else {
            reading.skip(.record, line: line)
            return
        }
        for kind in Self.triggers where TextLines.hasSuffix(owner.span, 0..<count, kind) {
            reading.skip(.trigger, line: line)
            return
        }
        let isUnder = count > 2 && owner[0] == Ascii.asterisk && owner[1] == Ascii.dot
        switch action(bytes, type, data, count) {
        case .refuse: reading.add(owner.span, (isUnder ? 2 : 0)..<count, isUnder ? .under : .name, line: line)
        case .pass: reading.add(owner.span, (isUnder ? 2 : 0)..<count, isUnder ? .exceptUnder : .exceptName, line: line)
        case .other: reading.skip(.action, line: line)
        }
    }

    private mutating func action(_ bytes: Span<UInt8>, _ type: Range<Int>, _ data: Range<Int>, _ count: Int) -> Action {
        if TextLines.equals(bytes, type, Self.types.cname) {
            if data.count == 1, bytes[data.lowerBound] == Ascii.dot { return .refuse }
            if TextLines.equals(bytes, data, Self.wildcard) { return .refuse }
            if TextLines.equals(bytes, data, Self.drop) { return .refuse }
            if TextLines.equals(bytes, data, Self.passthru) { return .pass }
            names.write(bytes, data, into: &target)
            return target.elementsEqual(owner.prefix(count)) ? .pass : .other
        }
        let isAddress =
            TextLines.equals(bytes, type, Self.types.a) || TextLines.equals(bytes, type, Self.types.aaaa)
        guard isAddress, let address = IPAddress.parse(bytes, data) else { return .other }
        switch AddressClass.of(address) {
        case .loopback, .unspecified: return .refuse
        default: return .other
        }
    }

    /// A TTL, such as `300` or `1h30m`, or a class: they may stand in either order.
    private func isTimeOrClass(_ bytes: Span<UInt8>, _ word: Range<Int>) -> Bool {
        if ByteClass.isDigit(bytes[word.lowerBound]) { return true }
        return Self.classes.contains { TextLines.equals(bytes, word, $0) }
    }
}
