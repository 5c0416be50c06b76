@testable import ApusWire

/// A response head: parser, facts and rewriter against a naive reader, at cuts, and once more behind itself.
///
/// The first byte of the input says what it answers and to whom.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzResponse(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let whole = input(start, count)
    let setting = Setting(whole[0])
    let bytes = Array(whole[1...])
    let reading = setting.read(bytes)
    let reference = ReferenceResponse(bytes, method: setting.method, upgrade: setting.upgrade)
    // The naive reader does not bound how much work the names in Connection may make.
    hold(
        (reading.facts != nil) == (reference != nil) || reading.fault == .tooManyFields,
        "the naive reader disagrees: \(String(describing: reading.fault))"
    )
    if let facts = reading.facts, let reference {
        hold(reading.head?.end == reference.head.end, "another end")
        hold(facts.body == reference.body, "another framing")
        hold(facts.persistent == reference.persistent, "another persistence")
        let expected = reference.rewritten(closes: setting.closes, stripsCoding: setting.stripsCoding)
        hold(reading.rewritten.map { text($0) } == expected, "another head is written")
    }
    for cut in cuts(whole, 3) where cut <= bytes.count {
        let part = setting.read(Array(bytes[..<cut]))
        if part.isIncomplete { continue }
        hold(part.fault == reading.fault && part.head?.end == reading.head?.end, "at \(cut) another outcome")
        hold(part.rewritten == reading.rewritten, "at \(cut) another head is written")
    }
    if let output = reading.rewritten, let facts = reading.facts { again(output, facts, setting) }
    return 0
}

private func again(_ output: [UInt8], _ facts: ResponseProperties, _ setting: Setting) {
    let reading = setting.read(output)
    hold(reading.fault == nil && reading.head?.end == output.count, "what is written does not parse")
    hold(reading.facts?.status == facts.status, "another status")
    let body: BodyFraming = setting.stripsCoding && facts.body == .chunked ? .untilClose : facts.body
    hold(reading.facts?.body == body, "what is written is framed otherwise")
    hold(reading.fields.last?.known == .via, "Via is not last")
    hold(reading.fields.allSatisfy { !$0.spaced }, "a space before a colon")
    hold(reading.fields.count { $0.known == .contentLength } <= 1, "more than one Content-Length")
    for field in reading.fields where field.known.isHopByHop {
        hold([.connection, .upgrade].contains(field.known), "a field of this hop went on")
    }
}

private struct Setting {
    let method: Method
    let upgrade: [String]
    let closes: Bool
    let stripsCoding: Bool

    init(_ byte: UInt8) {
        method = [.get, .head, .post, .options][Int(byte & 3)]
        upgrade = byte & 4 == 0 ? [] : ["websocket", "a/1"]
        closes = byte & 8 != 0
        stripsCoding = byte & 16 != 0
    }

    func read(_ bytes: [UInt8]) -> ResponseReading {
        ResponseReading(bytes, method: method, upgrade: upgrade, closes: closes, stripsCoding: stripsCoding)
    }
}
