/// How much framing a chunked body may carry.
public struct ChunkLimits: Sendable, Equatable, BitwiseCopyable {
    /// The most digits of a chunk size, leading zeros counted; never more than 16, which is what 64 bits hold.
    public let digits: UInt8
    /// The most bytes of chunk extensions, with the blanks around them, that a whole message may have. They are
    /// dropped, so a message made of them would cost work and pass nothing (CVE-2023-39326 in Go's `net/http`).
    public let extensionBytes: UInt32

    /// Makes limits; `digits` is brought into 1...16.
    public init(digits: Int = 16, extensionBytes: Int = 4096) {
        self.digits = UInt8(min(max(digits, 1), 16))
        self.extensionBytes = UInt32(clamping: extensionBytes)
    }
}
