/// The protocols that a request offers to switch to (RFC 9110 §7.8), as hashes that outlive the head.
public struct UpgradeOffer: Sendable, BitwiseCopyable {
    /// The most protocols that are passed on; the rest is dropped, which the RFC allows.
    static let capacity = 4

    private var hashes = InlineArray<4, UInt32>(repeating: 0)
    /// How many protocols are offered; 0 when the request asks for none.
    public private(set) var count: UInt8 = 0

    /// No offer.
    public init() {}

    /// Whether anything is offered.
    public var isEmpty: Bool { count == 0 }

    /// Reads one Upgrade line; `h2c` is passed over: a proxy that speaks HTTP/1.1 cannot grant it (RFC 9113 §3.1).
    mutating func add(_ bytes: Span<UInt8>, _ value: ByteRange) throws(RequestFault) {
        var elements = ListElements(value)
        while count < UpgradeOffer.capacity, let element = elements.next(bytes) {
            guard !element.isEmpty else { continue }
            guard UpgradeOffer.isProtocol(bytes, element) else { throw .malformedUpgrade }
            guard !UpgradeOffer.isH2C(bytes, element) else { continue }
            hashes[Int(count)] = bytes.tokenHash(element)
            count += 1
        }
    }

    /// Whether a protocol that the server names is one of those offered.
    func contains(_ bytes: Span<UInt8>, _ element: ByteRange) -> Bool {
        let hash = bytes.tokenHash(element)
        for i in 0..<Int(count) where hashes[i] == hash { return true }
        return false
    }

    static func isH2C(_ bytes: Span<UInt8>, _ element: ByteRange) -> Bool {
        guard element.count == 3 else { return false }
        let start = Int(element.start)
        return bytes[start] | 0x20 == 0x68 && bytes[start + 1] == 0x32 && bytes[start + 2] | 0x20 == 0x63
    }

    /// `protocol-name ["/" protocol-version]`, both tokens.
    private static func isProtocol(_ bytes: Span<UInt8>, _ element: ByteRange) -> Bool {
        var slashes = 0
        for i in element.range where !ByteClass.isToken(bytes[i]) {
            guard bytes[i] == Ascii.slash else { return false }
            slashes += 1
        }
        return slashes <= 1 && bytes[Int(element.start)] != Ascii.slash && bytes[Int(element.end) - 1] != Ascii.slash
    }
}
