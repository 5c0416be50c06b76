internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// The JSON lines of a thread's turn, written from the notes without a string: what `JSONLogLine` would write, byte for
/// byte, for requests that went well and hold no byte that JSON escapes. All others take the long way.
struct LogLines {
    private static let capacity = 64 << 10
    /// No line is longer than this but for its words.
    private static let fixed = 1024 + LoggedField.most

    private var bytes = [UInt8](repeating: 0, count: LogLines.capacity)
    private var count = 0
    private var lines: UInt64 = 0
    private let redactQueries: QueryRedaction
    private let text = LogText()
    /// The second that `stamp` shows.
    private var second = Int64.min
    private var stamp: [UInt8] = []

    init(redactQueries: QueryRedaction) { self.redactQueries = redactQueries }

    /// Gives all lines to the writer.
    mutating func handOver(to access: AccessLog) {
        guard count > 0 else { return }
        access.write(bytes, count: count, lines: lines)
        count = 0
        lines = 0
    }

    /// Appends a line.
    ///
    /// - Returns: whether it was written; not when it does not fit, or a word needs escapes.
    mutating func append(
        _ finished: CompletedTransaction,
        _ words: BufferedRequest,
        listener: [UInt8],
        user: [UInt8],
        rules: PolicyWords?,
        heads: borrowing Recorder
    ) -> Bool {
        let known = words.head + words.host + listener.count + user.count
        guard LogLines.capacity - count > LogLines.fixed + known, isPlain(words), !finished.client.isAnnounced else {
            return false
        }
        guard let places = HeadPlaces(finished.notes, heads, redactQueries) else { return false }
        let startedAt = finished.startedAt
        refreshStamp(startedAt / 1_000_000)
        // Taken out for the while, for a span of it may not live beside other uses of this value.
        var buffer: [UInt8] = []
        swap(&buffer, &bytes)
        defer { swap(&buffer, &bytes) }
        guard let middle = write(finished, words, listener, user, startedAt, to: &buffer),
            let end = write(finished.notes, places, heads, rules, from: middle, to: &buffer)
        else { return false }
        count = end
        lines += 1
        return true
    }

    private func write(
        _ finished: CompletedTransaction,
        _ words: BufferedRequest,
        _ listener: [UInt8],
        _ user: [UInt8],
        _ startedAt: Int64,
        to buffer: inout [UInt8]
    ) -> Int? {
        let fixed = text.bytes.span
        let source = words.bytes.span
        let notes = finished.notes
        var target = buffer.mutableSpan
        var writer = HeadWriter(at: count)
        writer.write(fixed, text.time, to: &target)
        writer.write(stamp.span, ByteRange(0, stamp.count), to: &target)
        writer.write(microseconds: UInt32(startedAt % 1_000_000), to: &target)
        writer.write(fixed, text.id, to: &target)
        writer.write(hexadecimal: notes.id, to: &target)
        writer.write(fixed, text.client, to: &target)
        writer.write(address: finished.client.ip.unmapped, to: &target)
        writer.write(fixed, text.clientPort, to: &target)
        writer.write(number: UInt64(finished.client.port), to: &target)
        writer.write(fixed, text.listener, to: &target)
        writer.write(listener.span, ByteRange(0, listener.count), to: &target)
        if !user.isEmpty {
            writer.write(fixed, text.user, to: &target)
            writer.write(user.span, ByteRange(0, user.count), to: &target)
        }
        writer.write(fixed, text.method, to: &target)
        writer.write(source, ByteRange(0, words.method), to: &target)
        writer.write(fixed, text.host, to: &target)
        writer.write(source, ByteRange(words.head, words.head + words.host), to: &target)
        writer.write(fixed, text.port, to: &target)
        writer.write(number: UInt64(notes.port), to: &target)
        writer.write(fixed, text.path, to: &target)
        writer.write(source, ByteRange(words.method + 1, words.method + 1 + words.path), to: &target)
        writer.write(fixed, text.version, to: &target)
        writer.write(number: UInt64(notes.spoken.minor ?? 0), to: &target)
        writer.write(fixed, text.status, to: &target)
        writer.write(number: UInt64(finished.status), to: &target)
        figures(notes, finished.total, &writer, &target)
        return writer.end
    }

    /// What stands behind the figures: words of the heads, the rules' names.
    private func write(
        _ notes: StreamInfo,
        _ places: HeadPlaces,
        _ heads: borrowing Recorder,
        _ rules: PolicyWords?,
        from start: Int,
        to buffer: inout [UInt8]
    ) -> Int? {
        let fixed = text.bytes.span
        var writer = HeadWriter(at: start)
        heads.withHead(notes.requestHead) { head in
            var target = buffer.mutableSpan
            write(text.userAgent, head, places.userAgent, &writer, &target)
            write(text.referer, head, places.referer, &writer, &target)
        }
        heads.withHead(notes.responseHead) { head in
            var target = buffer.mutableSpan
            write(text.contentType, head, places.contentType, &writer, &target)
        }
        var target = buffer.mutableSpan
        if let rules { names(of: notes, rules, &writer, &target) }
        writer.write(fixed, text.end, to: &target)
        return writer.end
    }

    private func write(
        _ name: ByteRange,
        _ head: Span<UInt8>,
        _ place: Range<Int>,
        _ writer: inout HeadWriter,
        _ target: inout MutableSpan<UInt8>
    ) {
        guard !place.isEmpty else { return }
        writer.write(text.bytes.span, name, to: &target)
        writer.write(head, ByteRange(place.lowerBound, place.upperBound), to: &target)
        writer.write(byte: 0x22, to: &target)
    }

    private func figures(
        _ notes: StreamInfo,
        _ total: Int64,
        _ writer: inout HeadWriter,
        _ target: inout MutableSpan<UInt8>
    ) {
        let fixed = text.bytes.span
        func number(_ name: ByteRange, _ value: UInt64) {
            writer.write(fixed, name, to: &target)
            writer.write(number: value, to: &target)
        }
        number(text.fromClient, notes.fromClient)
        number(text.toClient, notes.toClient)
        number(text.fromUpstream, notes.fromUpstream)
        number(text.toUpstream, notes.toUpstream)
        let times = notes.times(total: total)
        if let decide = times.decide { number(text.decide, UInt64(decide)) }
        if let lookUp = times.lookUp { number(text.lookUp, UInt64(lookUp)) }
        if let connect = times.connect { number(text.connect, UInt64(connect)) }
        if let firstByte = times.firstByte { number(text.firstByte, UInt64(firstByte)) }
        number(text.total, UInt64(max(0, total)))
        if let upstream = notes.upstream {
            writer.write(fixed, text.upstream, to: &target)
            if upstream.family == .v6 { writer.write(byte: 0x5b, to: &target) }
            writer.write(address: upstream, to: &target)
            if upstream.family == .v6 { writer.write(byte: 0x5d, to: &target) }
            writer.write(byte: 0x3a, to: &target)
            writer.write(number: UInt64(notes.dialPort), to: &target)
            writer.write(fixed, notes.reused ? text.reused : text.fresh, to: &target)
        }
    }

    private func names(
        of notes: StreamInfo,
        _ rules: PolicyWords,
        _ writer: inout HeadWriter,
        _ target: inout MutableSpan<UInt8>
    ) {
        for (name, rule) in [(text.rule, notes.rule), (text.wouldDeny, notes.wouldDeny)] where rule != Decision.noRule {
            writer.write(text.bytes.span, name, to: &target)
            let label = rules.escaped(rule)
            writer.write(label.span, ByteRange(0, label.count), to: &target)
            writer.write(byte: 0x22, to: &target)
        }
    }

    /// Whether no word holds a byte that JSON escapes, nor a query of which something is not shown.
    private func isPlain(_ words: BufferedRequest) -> Bool {
        let source = words.bytes.span
        var faults: UInt8 = 0
        var hasQuery: UInt8 = 0
        for i in words.pathRange {
            let byte = source[i]
            faults |= (byte < 0x21 ? 1 : 0) | (byte > 0x7e ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5c ? 1 : 0)
            hasQuery |= byte == 0x3f ? 1 : 0
        }
        // A method is a token, a host was checked: neither can hold such a byte.
        guard faults == 0 else { return false }
        if hasQuery == 0 || redactQueries == .none { return true }
        let path = words.pathRange
        return redactQueries == .known && SecretQuery.next(source, path.lowerBound, path.upperBound) == nil
    }

    /// `2026-01-31T12:00:00.`, made anew once a second.
    private mutating func refreshStamp(_ second: Int64) {
        guard second != self.second else { return }
        self.second = second
        stamp.removeAll(keepingCapacity: true)
        HTTPDate.writeISO8601(microsecondsSince1970: second * 1_000_000, precision: .seconds, into: &stamp)
        stamp[stamp.count - 1] = UInt8(ascii: ".")
    }
}

extension HeadWriter {
    /// Six digits.
    fileprivate mutating func write(microseconds: UInt32, to target: inout MutableSpan<UInt8>) {
        var divisor: UInt32 = 100_000
        while divisor > 0 {
            write(byte: 0x30 + UInt8(truncatingIfNeeded: microseconds / divisor % 10), to: &target)
            divisor /= 10
        }
    }

    fileprivate mutating func write(hexadecimal number: UInt64, to target: inout MutableSpan<UInt8>) {
        for shift in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * shift)) & 15
            write(byte: digit < 10 ? 0x30 + digit : 0x57 + digit, to: &target)
        }
    }

    fileprivate mutating func write(address: IPAddress, to target: inout MutableSpan<UInt8>) {
        guard address.family == .v4 else {
            let text = Array(address.description.utf8)
            return write(text.span, ByteRange(0, text.count), to: &target)
        }
        for shift in 0..<4 {
            if shift > 0 { write(byte: 0x2e, to: &target) }
            write(number: address.low >> UInt64(24 - 8 * shift) & 0xff, to: &target)
        }
    }
}

/// The names of the members of a JSON line, in one array.
private struct LogText {
    private(set) var bytes: [UInt8] = []
    let time, id, client, clientPort, listener, user, method, host, port, path, version, status: ByteRange
    let fromClient, toClient, fromUpstream, toUpstream: ByteRange
    let decide, lookUp, connect, firstByte, total, upstream, reused, fresh, rule, wouldDeny, end: ByteRange
    let userAgent, referer, contentType: ByteRange

    init() {
        var text: [UInt8] = []
        func piece(_ string: StaticString) -> ByteRange {
            let start = text.count
            text.append(contentsOf: string.description.utf8)
            return ByteRange(start, text.count)
        }
        time = piece(#"{"time":""#)
        id = piece(#"Z","id":""#)
        client = piece(#"","kind":"request","client":""#)
        clientPort = piece(#"","client_port":"#)
        listener = piece(#","listener":""#)
        user = piece(#"","user":""#)
        method = piece(#"","method":""#)
        host = piece(#"","scheme":"http","host":""#)
        port = piece(#"","port":"#)
        path = piece(#","path":""#)
        version = piece(#"","http_version":"HTTP/1."#)
        status = piece(#"","status":"#)
        fromClient = piece(#","bytes_from_client":"#)
        toClient = piece(#","bytes_to_client":"#)
        fromUpstream = piece(#","bytes_from_upstream":"#)
        toUpstream = piece(#","bytes_to_upstream":"#)
        decide = piece(#","decide_us":"#)
        lookUp = piece(#","look_up_us":"#)
        connect = piece(#","connect_us":"#)
        firstByte = piece(#","first_byte_us":"#)
        total = piece(#","total_us":"#)
        upstream = piece(#","upstream":""#)
        reused = piece(#"","reused":true"#)
        fresh = piece(#"","reused":false"#)
        userAgent = piece(#","user_agent":""#)
        referer = piece(#","referer":""#)
        contentType = piece(#","content_type":""#)
        rule = piece(#","rule":""#)
        wouldDeny = piece(#","would_deny":""#)
        end = piece(",\"ending\":\"--\"}\n")
        bytes = text
    }
}
