@testable import ApusWire

/// A trailer section: scanned at cuts and under limits, and what is written of it scanned again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTrailers(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let whole = input(start, count)
    let bytes = Array(whole[1...])
    let from = min(Int(whole[0] & 3), bytes.count)
    let outcome = TrailerSection.scan(bytes.span, from: from)
    for cut in cuts(whole, 4) where cut >= from && cut <= bytes.count {
        let part = Array(bytes[..<cut])
        let seen = TrailerSection.scan(part.span, from: from)
        hold(seen == .incomplete || seen == outcome, "at \(cut) another outcome")
    }
    reference(bytes, from, outcome)
    guard case .complete(let end) = outcome else { return 0 }
    for limit in [end - from - 1, end - from, end - from + 1] {
        let seen = TrailerSection.scan(bytes.span, from: from, limit: limit)
        hold(seen == (limit < end - from ? .faulty(.tooLarge) : outcome), "another limit than \(limit)")
    }
    write(bytes, ByteRange(from, end))
    return 0
}

/// Sound is what a naive reader finds sound.
private func reference(_ bytes: [UInt8], _ from: Int, _ outcome: TrailerSection.Scan) {
    var section = Array("HTTP/1.1 200 OK\r\n".utf8)
    section += bytes[from...]
    let spaced = ReferenceHead(section, isRequest: true)
    if case .complete(let end) = outcome {
        hold(spaced == nil || spaced?.end == end - from + 17, "another end than a naive reader's")
        hold(spaced != nil || bytes.count { $0 == 10 } > 256, "a naive reader refuses it")
    } else {
        hold(spaced == nil, "a naive reader takes it")
    }
}

private func write(_ bytes: [UInt8], _ range: ByteRange) {
    guard let output = written(room: range.count, { TrailerSection.write(bytes.span, range, into: &$0, at: 0) }) else {
        return hold(false, "more is written than was read")
    }
    hold(TrailerSection.scan(output.span, from: 0) == .complete(end: output.count), "what is written is no section")
    let again = written(room: output.count) {
        TrailerSection.write(output.span, ByteRange(0, output.count), into: &$0, at: 0)
    }
    hold(again == output, "written again it is another")
    for line in ReferenceHead(Array("X\r\n".utf8) + output, isRequest: true)?.lines ?? [] {
        hold(!["content-length", "transfer-encoding", "host", "connection", "via"].contains(line.key), line.raw)
    }
}
