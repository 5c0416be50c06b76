@testable import ApusWire

/// A chunked body: the decoder in one piece and in many, in both modes, against a naive reader.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChunked(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(start, count)
    let reference = ReferenceChunked(bytes)
    for mode in [ChunkedDecoder.Mode.keepFraming, .stripFraming] {
        let expected = mode == .keepFraming ? reference.kept : reference.data
        let whole = ChunkedFeed([bytes], mode)
        judge(whole, expected, reference, bytes.count)
        for pieces in [many(bytes, 6), many(bytes, 2), bytes.count < 256 ? bytes.map { [$0] } : [bytes]] {
            let feed = ChunkedFeed(pieces, mode)
            judge(feed, expected, reference, bytes.count)
            hold(feed.end == whole.end, "another end in pieces")
            hold(feed.consumed == whole.consumed, "another length in pieces")
            if case .faulty = whole.end { continue }
            hold(feed.passed == whole.passed, "other bytes in pieces")
        }
        if mode == .keepFraming, whole.end == .trailers { again(whole.passed, reference) }
    }
    return 0
}

private func judge(_ feed: ChunkedFeed, _ expected: [UInt8], _ reference: ReferenceChunked, _ count: Int) {
    hold(feed.consumed <= count, "more consumed than there is")
    switch (feed.end, reference.verdict) {
    case (.more, .incomplete): hold(feed.consumed == count && feed.passed == expected, "not all that came was passed")
    case (.trailers, .complete(let consumed)):
        hold(feed.consumed == consumed && feed.passed == expected, "other bytes than a naive reader's")
    case (.faulty, .faulty): hold(expected.starts(with: feed.passed), "bytes were passed that are not there")
    // The decoder need not see the end of a size to know that it is too large; extensions have a limit of its own.
    case (.faulty(.sizeTooLarge), .incomplete), (.faulty(.extensionsTooLong), _):
        hold(expected.starts(with: feed.passed), "bytes were passed that are not there")
    default: hold(false, "\(feed.end) where a naive reader says \(reference.verdict)")
    }
}

/// What was passed on is a body of its own, without extensions.
private func again(_ passed: [UInt8], _ reference: ReferenceChunked) {
    let kept = ChunkedFeed([passed], .keepFraming, limits: ChunkLimits(extensionBytes: 0))
    hold(kept.end == .trailers && kept.passed == passed, "what is passed on is no body without extensions")
    hold(ChunkedFeed([passed], .stripFraming).passed == reference.data, "what is passed on holds other data")
}

private func many(_ bytes: [UInt8], _ count: Int) -> [[UInt8]] {
    let ends = cuts(bytes, count).sorted() + [bytes.count]
    return zip([0] + ends, ends).map { Array(bytes[$0..<$1]) }
}
