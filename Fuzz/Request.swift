@testable import ApusWire

/// A request head: parser, target, facts and rewriter against a naive reader, at cuts, and once more behind itself.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(start, count)
    let whole = RequestReading(bytes)
    let reference = ReferenceRequest(bytes)
    // The naive reader does not bound how much work the names in Connection may make.
    hold(
        (whole.facts != nil) == (reference != nil) || whole.fault == .tooManyFields,
        "the naive reader disagrees: \(String(describing: whole.fault))"
    )
    if let facts = whole.facts, let reference {
        hold(whole.head?.end == reference.head.end, "another end")
        hold(facts.body == reference.body, "another framing")
        hold(facts.persistent == reference.persistent, "another persistence")
        hold(facts.loops == reference.loops, "another loop")
        hold(whole.rewritten.map { text($0) } == reference.rewritten, "another head is written")
    }
    for cut in cuts(bytes, 3) { atCut(bytes, cut, whole) }
    if let output = whole.rewritten, let facts = whole.facts { again(output, facts) }
    limited(bytes, whole)
    return 0
}

private func atCut(_ bytes: [UInt8], _ cut: Int, _ whole: RequestReading) {
    let reading = RequestReading(Array(bytes[..<cut]))
    if reading.isIncomplete { return }
    hold(reading.fault == whole.fault, "at \(cut) another fault")
    hold(reading.head?.end == whole.head?.end, "at \(cut) another end")
    hold(reading.rewritten == whole.rewritten, "at \(cut) another head is written")
}

private func again(_ output: [UInt8], _ facts: RequestProperties) {
    let reading = RequestReading(output)
    hold(reading.fault == nil && reading.head?.end == output.count, "what is written does not parse")
    hold(reading.facts?.body == facts.body && reading.facts?.loops == true, "what is written says something else")
    hold(reading.fields.count { $0.known == .host } == 1, "not one Host")
    hold(reading.fields.last?.known == .via, "Via is not last")
    for field in reading.fields where field.known.isHopByHop {
        hold([.te, .upgrade, .connection].contains(field.known), "a field of this hop went on")
    }
}

/// Small limits: a head within them is the same, any other is refused.
private func limited(_ bytes: [UInt8], _ whole: RequestReading) {
    let limits = HeadLimits(startLine: 40, fieldLine: 24, head: 120, fields: 4)
    let reading = RequestReading(bytes, limits: limits)
    guard let head = reading.head else { return }
    let begin = Int(head.method.start)
    hold(whole.head?.end == head.end && head.end - begin <= 120, "a head beyond its limit")
    hold(reading.fields.count <= 4, "more fields than allowed")
    hold(reading.fields.allSatisfy { $0.line.count <= 26 }, "a line beyond its limit")
    hold(reading.rewritten == whole.rewritten, "another head within limits")
}
