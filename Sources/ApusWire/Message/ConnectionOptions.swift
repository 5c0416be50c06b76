/// What the Connection lines of a head say (RFC 9110 §7.6.1).
public struct ConnectionOptions: Sendable {
    /// `close`.
    public private(set) var close = false
    /// `keep-alive`.
    public private(set) var keepAlive = false
    /// `upgrade`.
    public private(set) var upgrade = false
    /// Fields are named that are not hop-by-hop anyway, so that each field's name must be looked for.
    public private(set) var nominates = false
    /// A field is named that frames, routes or authenticates: without it the next hop would read another message.
    public private(set) var namesProtected = false

    /// How many elements there are, empty ones included.
    private var count = 0
    /// The most elements, as of field lines fewer are in use: each field's name is compared with each of them.
    private static let most = 64

    /// Whether fields are named among more elements than anybody needs.
    var isExcessive: Bool { nominates && count > ConnectionOptions.most }

    /// Reads one Connection line.
    @inline(__always)
    mutating func add(_ bytes: Span<UInt8>, _ value: ByteRange) {
        var elements = ListElements(value)
        while let element = elements.next(bytes) {
            count &+= 1
            guard !element.isEmpty else { continue }
            var before: UInt64 = 0
            var last: UInt64 = 0
            for i in element.range {
                before = before &<< 8 | last &>> 56
                last = last &<< 8 | UInt64(ByteClass.lowercased(bytes[i]))
            }
            switch (element.count, before, last) {
            case (5, 0, 0x63_6c6f_7365): close = true
            case (10, 0x6b65, 0x6570_2d61_6c69_7665): keepAlive = true
            case (7, 0, 0x75_7067_7261_6465): upgrade = true
            case (2, 0, 0x7465), (14, 0x6874_7470_322d, 0x7365_7474_696e_6773): break
            default: name(bytes, element, before, last)
            }
        }
    }

    /// Takes down the name of a field.
    private mutating func name(_ bytes: Span<UInt8>, _ element: ByteRange, _ before: UInt64, _ last: UInt64) {
        var known = KnownField.named(count: element.count, before: before, last: last)
        if element.count > 16, !known.matchesPrefix(bytes, Int(element.start)) { known = .other }
        if known.isHopByHop { return }
        nominates = true
        switch known {
        case .host, .contentLength, .transferEncoding, .cookie, .authorization, .via: namesProtected = true
        default: break
        }
    }
}
