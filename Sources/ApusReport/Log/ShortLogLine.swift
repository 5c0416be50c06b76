import ApusFlow
import ApusPolicy
import ApusWire

/// An access line for people: `13:55:36+02 anna@192.0.2.1 200 GET http://example.com/ 1.2 KiB 34 ms`, with the reason behind it when it
/// did not go well. The time is local, and says how far it is from UTC.
struct ShortLogLine {
    let redactQueries: QueryRedaction
    let colour: Bool
    let zone: TimeZoneRules

    func append(_ record: AccessRecord, to line: inout [UInt8]) {
        time(HTTPDate.seconds(ofMicroseconds: record.startedAt), to: &line)
        line.append(0x20)
        if let user = record.user, !user.isEmpty {
            TextEscape.terminal.write(user, into: &line)
            line.append(0x40)
        }
        TextEscape.terminal.write(record.clientAddress, into: &line)
        line.append(0x20)
        paint(statusColour(record.status), to: &line)
        if record.status == 0 { line.write(text: "---") } else { line.write(decimal: record.status) }
        paint("0", to: &line)
        line.append(0x20)
        TextEscape.terminal.write(record.method.isEmpty ? "-" : record.method, into: &line)
        line.append(0x20)
        record.writeTarget(redactQueries: redactQueries, .terminal, into: &line)
        line.append(0x20)
        if record.kind == .request {
            size(record.bytes.toClient, to: &line)
        } else {
            line.write(text: "up ")
            size(record.bytes.fromClient, to: &line)
            line.write(text: ", down ")
            size(record.bytes.toClient, to: &line)
        }
        line.append(0x20)
        duration(max(record.times.total, 0), to: &line)
        why(record, to: &line)
        line.append(0x0a)
    }

    /// `13:55:36+02`, `13:55:36-03:30`, `13:55:36Z`.
    private func time(_ seconds: Int64, to line: inout [UInt8]) {
        let offset = zone.offset(at: seconds)
        HTTPDate.writeTimeOfDay(secondsSince1970: seconds &+ Int64(offset), into: &line)
        guard offset != 0 else { return line.append(UInt8(ascii: "Z")) }
        line.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        let minutes = Int(abs(offset) / 60)
        line.write(minutes / 60, digits: 2)
        guard minutes % 60 > 0 else { return }
        line.append(0x3a)
        line.write(minutes % 60, digits: 2)
    }

    private func why(_ record: AccessRecord, to line: inout [UInt8]) {
        let unread = record.unread ?? 0
        guard !record.ending.isComplete || record.reason != nil || record.fault != nil || unread > 0
        else { return }
        line.write(text: "  ")
        paint("2", to: &line)
        if !record.ending.isComplete { line.write(text: record.ending.description) }
        if let text = record.reason ?? record.fault {
            if !record.ending.isComplete { line.write(text: "; ") }
            TextEscape.sentence.write(text, into: &line)
        }
        if unread > 0 {
            if !record.ending.isComplete || record.reason != nil || record.fault != nil { line.write(text: "; ") }
            line.write(text: "answered early, ")
            size(unread, to: &line)
            line.write(text: " came behind the answer")
        }
        paint("0", to: &line)
    }

    /// The number of an SGR sequence (ECMA-48 §8.3.117), by the class of the status.
    private func statusColour(_ status: UInt16) -> String {
        switch status {
        case 100..<200: "35"
        case 200..<300: "32"
        case 300..<400: "36"
        case 400..<500: "33"
        default: "31"
        }
    }

    private func paint(_ number: String, to line: inout [UInt8]) {
        guard colour else { return }
        line.write(text: "\u{1b}[")
        line.write(text: number)
        line.append(0x6d)
    }

    private func size(_ bytes: UInt64, to line: inout [UInt8]) {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var shift: UInt64 = 0
        while shift < 40 && bytes >> shift >= 1024 { shift += 10 }
        let unit = UInt64(1) << shift
        tenths(bytes / unit, bytes % unit * 10 / unit, to: &line)
        line.append(0x20)
        line.write(text: units[Int(shift / 10)])
    }

    private func duration(_ micros: Int64, to line: inout [UInt8]) {
        switch micros {
        case ..<1_000_000:
            tenths(UInt64(micros / 1000), UInt64(micros % 1000 / 100), to: &line)
            line.write(text: " ms")
        case ..<60_000_000:
            tenths(UInt64(micros / 1_000_000), UInt64(micros % 1_000_000 / 100_000), to: &line)
            line.write(text: " s")
        default:
            line.write(decimal: micros / 60_000_000)
            line.write(text: " min ")
            line.write(decimal: micros / 1_000_000 % 60)
            line.write(text: " s")
        }
    }

    /// One digit behind the point below ten, none above, nor when it is zero.
    private func tenths(_ whole: UInt64, _ tenth: UInt64, to line: inout [UInt8]) {
        line.write(decimal: whole)
        guard whole < 10, tenth > 0 else { return }
        line.append(0x2e)
        line.write(decimal: tenth)
    }
}
