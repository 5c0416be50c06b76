/// What can still be told of a request head that was refused: its method and target, for the record, and its largest field line, for
/// the answer. It is looked at once a head was refused, and nothing is decided by it.
public struct FaultyHead: Sendable {
    /// The method; empty if the bytes do not begin with one.
    public private(set) var method = ByteRange.empty
    /// The target, as far as it is visible text of at most ``longestTarget`` bytes; empty if there is none.
    public private(set) var target = ByteRange.empty
    /// The name of the largest field line; empty if there is none.
    public private(set) var field = ByteRange.empty
    /// How many bytes of that line have come, without its line end.
    public private(set) var fieldBytes = 0

    /// The most bytes of a target that are told.
    public static let longestTarget = 1024
    /// The most bytes of a method, and of a field's name, that are told.
    private static let longestWord = 64

    /// Looks at the bytes that were to be a head.
    public init(_ bytes: Span<UInt8>) {
        var at = 0
        while at < bytes.count, bytes[at] == Ascii.cr || bytes[at] == Ascii.lf { at += 1 }
        requestLine(bytes, from: at)
        while let end = FaultyHead.lineEnd(bytes, from: at), end + 1 < bytes.count {
            at = end + 1
            fieldLine(bytes, from: at)
        }
    }

    /// Method and target as those of a head that ends with the bytes; nil if they do not begin with a method.
    public func requestHead(of bytes: Span<UInt8>) -> RequestHead? {
        guard !method.isEmpty else { return nil }
        var packed: UInt64 = 0
        for index in method.range { packed = packed &<< 8 | UInt64(bytes[index]) }
        let kind = Method.named(count: method.count, packed: packed)
        return RequestHead(method: method, kind: kind, target: target, version: .http11, end: bytes.count)
    }

    private mutating func requestLine(_ bytes: Span<UInt8>, from start: Int) {
        let end = WordScan.endOfToken(bytes, from: start, to: min(bytes.count, start + FaultyHead.longestWord))
        guard end > start, end < bytes.count, bytes[end] == Ascii.space else { return }
        method = ByteRange(start, end)
        let most = min(bytes.count, end + 1 + FaultyHead.longestTarget)
        target = ByteRange(end + 1, WordScan.endOfTarget(bytes, from: end + 1, to: most))
    }

    private mutating func fieldLine(_ bytes: Span<UInt8>, from start: Int) {
        let name = WordScan.endOfToken(bytes, from: start, to: min(bytes.count, start + FaultyHead.longestWord))
        guard name > start, name < bytes.count, bytes[name] == Ascii.colon else { return }
        let end = FaultyHead.lineEnd(bytes, from: name) ?? bytes.count
        let count = (bytes[end - 1] == Ascii.cr ? end - 1 : end) - start
        guard count > fieldBytes else { return }
        field = ByteRange(start, name)
        fieldBytes = count
    }

    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        for at in start..<bytes.count where bytes[at] == Ascii.lf { return at }
        return nil
    }
}
