/// How much framing a chunked body may carry.
public struct ChunkLimits: Sendable, Equatable, BitwiseCopyable {
    /// The most digits of a chunk size, leading zeros counted; never more than 16, which is what 64 bits hold.
    public let digits: UInt8
    /// Whether each byte of data lets one byte more of extensions pass: a message that goes on for hours may have extensions for
    /// hours (RFC 9112 §7.1.1 asks for a limit in a request only).
    public let growsWithData: Bool
    /// The most bytes of extensions that one chunk may have, with the blanks around them.
    public let chunkExtensionBytes: UInt16
    /// The most bytes of chunk extensions, with the blanks around them, that a whole message may have. They are
    /// dropped, so a message made of them would cost work and pass nothing (CVE-2023-39326 in Go's `net/http`).
    public let extensionBytes: UInt32

    /// Makes limits for a request: a sum for the message; `digits` is brought into 1...16.
    public init(digits: Int = 16, extensionBytes: Int = 4096) {
        self.digits = UInt8(min(max(digits, 1), 16))
        self.extensionBytes = UInt32(clamping: extensionBytes)
        chunkExtensionBytes = .max
        growsWithData = false
    }

    /// Makes limits for a response: a bound for each chunk, and a sum that grows with the data.
    ///
    /// - Parameter chunkExtensionBytes: for one chunk; 256 unless said.
    public static func response(extensionBytes: Int = 4096, chunkExtensionBytes: Int = 256) -> ChunkLimits {
        ChunkLimits(extensionBytes, UInt16(clamping: chunkExtensionBytes))
    }

    private init(_ extensionBytes: Int, _ chunkExtensionBytes: UInt16) {
        digits = 16
        self.extensionBytes = UInt32(clamping: extensionBytes)
        self.chunkExtensionBytes = chunkExtensionBytes
        growsWithData = true
    }
}
