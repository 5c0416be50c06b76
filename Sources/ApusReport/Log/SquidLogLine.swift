import ApusFlow
import ApusWire

/// An access line in Squid's native format:
/// `time elapsed remotehost code/status bytes method URL rfc931 peerstatus/peerhost type`.
///
/// The code is `TCP_DENIED` for what a rule refused, `NONE` for a request that was at fault, `TCP_TUNNEL` for tunnels
/// and upgrades, `TCP_MISS` for the rest, with `_ABORTED` behind it if the client left early. The peer has no port, as Squid's own has
/// none.
struct SquidLogLine {
    let redactQueries: QueryRedaction

    func append(_ record: AccessRecord, to line: inout [UInt8]) {
        let ended = max(record.startedAt, 0) &+ max(record.times.total, 0)
        line.write(decimal: ended / 1_000_000)
        line.append(0x2e)
        line.write(Int(ended / 1000 % 1000), digits: 3)
        line.append(0x20)
        padded(max(record.times.total, 0) / 1000, to: &line)
        line.append(0x20)
        column(record.clientAddress, to: &line)
        line.append(0x20)
        line.write(text: code(of: record))
        if isAborted(record) { line.write(text: "_ABORTED") }
        line.append(0x2f)
        line.write(Int(record.status), digits: 3)
        line.append(0x20)
        line.write(decimal: record.bytes.toClient)
        line.append(0x20)
        column(record.method, to: &line)
        line.append(0x20)
        if record.method.isEmpty {
            // Squid's own words for what it could not understand.
            line.write(text: "error:invalid-request")
        } else {
            record.writeTarget(redactQueries: redactQueries, .percent, into: &line)
        }
        line.append(0x20)
        column(record.user ?? "", to: &line)
        line.append(0x20)
        if let upstream = record.upstream {
            line.write(text: record.parent == nil ? "HIER_DIRECT/" : "FIRSTUP_PARENT/")
            TextEscape.percent.write(record.upstreamAddress?.description ?? upstream, into: &line)
        } else {
            line.write(text: "HIER_NONE/-")
        }
        line.append(0x20)
        // As Squid does, without parameters.
        column(String((record.contentType ?? "").prefix { $0 != ";" && $0 != " " }), to: &line)
        line.append(0x0a)
    }

    private func code(of record: AccessRecord) -> String {
        switch (record.ending.how, record.ending.who, record.kind) {
        case (.refused, _, _): "TCP_DENIED"
        case (.fault, .client, _) where record.upstream == nil: "NONE"
        case (_, _, .tunnel), (_, _, .upgrade): "TCP_TUNNEL"
        default: "TCP_MISS"
        }
    }

    private func isAborted(_ record: AccessRecord) -> Bool {
        record.ending.who == .client && (record.ending.how == .closed || record.ending.how == .reset)
    }

    private func column(_ text: String, to line: inout [UInt8]) {
        if text.isEmpty { line.append(0x2d) } else { TextEscape.percent.write(text, into: &line) }
    }

    private func padded(_ number: Int64, to line: inout [UInt8]) {
        var bound: Int64 = 100_000
        while bound > 1 && number < bound {
            line.append(0x20)
            bound /= 10
        }
        line.write(decimal: number)
    }
}
