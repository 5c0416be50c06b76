/// One field line of a head, as offsets into the bytes that were parsed.
public struct Field: Sendable {
    /// The field name.
    public var name: ByteRange
    /// The field value without the white space around it.
    public var value: ByteRange
    /// The whole line with its CRLF.
    public var line: ByteRange
    /// Which field it is, as far as a proxy cares.
    public var known: KnownField
    /// Whether white space stood between name and colon: the line must be written anew (RFC 9112 §5.1).
    public var spaced: Bool
}

/// The field lines of one head; one table a thread is filled again and again, and is void when the callback ends.
public struct FieldTable: ~Copyable {
    /// The most lines that any table holds; `HeadLimits.fields` may ask for fewer.
    public static let capacity = 256

    // An array, not an InlineArray: the compiler copies all nine kilobytes of the latter for a look at one line.
    private var fields = [Field](
        repeating: Field(name: .empty, value: .empty, line: .empty, known: .other, spaced: false),
        count: FieldTable.capacity
    )
    /// How many lines it holds.
    public private(set) var count = 0

    /// An empty table.
    public init() {}

    /// The line at a position below `count`, in the order received.
    @inline(__always)
    public subscript(position: Int) -> Field { fields[position] }

    /// Where the value of a field stands, and on how many lines the field comes; of several the last.
    public func value(of known: KnownField) -> (range: ByteRange, count: Int) {
        var (range, found) = (ByteRange.empty, 0)
        for position in 0..<count where fields[position].known == known {
            range = fields[position].value
            found &+= 1
        }
        return (range, found)
    }

    /// Forgets all lines.
    @inline(__always)
    public mutating func removeAll() { count = 0 }

    /// Adds a line; `false` when the table is full.
    @inline(__always)
    mutating func append(_ field: Field) -> Bool {
        guard count < FieldTable.capacity else { return false }
        fields[count] = field
        count &+= 1
        return true
    }
}
