/// For how long, and whether for another request, a server says that it keeps a connection: `Keep-Alive: timeout=5, max=100`
/// (RFC 2068 §19.7.1.1, as servers send it).
///
/// A hint and no promise: the server may close sooner. What is not understood says nothing.
public struct KeepAliveHint: Sendable, Equatable, BitwiseCopyable {
    private static let noSeconds: UInt16 = 0x7fff
    private static let last: UInt16 = 0x8000

    /// The seconds in the lower 15 bits, and above them whether no other request is served: it is kept for each idle connection.
    private var packed = KeepAliveHint.noSeconds

    /// Says nothing.
    public init() {}

    /// How many seconds the connection is kept while it is idle; nil where nothing is said, or more than nine hours.
    public var seconds: UInt64? {
        let seconds = packed & KeepAliveHint.noSeconds
        return seconds == KeepAliveHint.noSeconds ? nil : UInt64(seconds)
    }

    /// Whether the connection is said to serve no other request.
    public var servesNoOther: Bool { packed & KeepAliveHint.last != 0 }

    /// Whether a connection that has been idle for so many microseconds has more than a second to go.
    public func outlasts(_ idle: UInt64) -> Bool {
        if servesNoOther { return false }
        guard let seconds else { return true }
        return idle &+ 1_000_000 < seconds &* 1_000_000
    }

    /// Reads one Keep-Alive line; of several the shortest time holds.
    mutating func add(_ bytes: Span<UInt8>, _ value: ByteRange) {
        var elements = ListElements(value)
        while let element = elements.next(bytes) {
            var name: UInt64 = 0
            var at = Int(element.start)
            while at < Int(element.end), bytes[at] != UInt8(ascii: "=") {
                name = name &<< 8 | UInt64(ByteClass.lowercased(bytes[at]))
                at += 1
            }
            guard let number = KeepAliveHint.number(bytes, at + 1, Int(element.end)) else { continue }
            switch name {
            // A name of more letters has one in the highest byte, which is empty in these: "timeout" and "max".
            case 0x74_696d_656f_7574:
                packed = packed & KeepAliveHint.last | min(packed & KeepAliveHint.noSeconds, number)
            case 0x6d_6178 where number == 0: packed |= KeepAliveHint.last
            default: break
            }
        }
    }

    /// A decimal number, at most what stands for none; nil for anything else.
    private static func number(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt16? {
        guard start < end else { return nil }
        var number: UInt32 = 0
        for i in start..<end {
            guard bytes[i] >= UInt8(ascii: "0"), bytes[i] <= UInt8(ascii: "9") else { return nil }
            number = min(number * 10 + UInt32(bytes[i] - UInt8(ascii: "0")), UInt32(noSeconds))
        }
        return UInt16(number)
    }
}
