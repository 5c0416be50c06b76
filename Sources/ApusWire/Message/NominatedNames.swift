/// The field names that the Connection lines of one head name (RFC 9110 §7.6.1), with their hashes, so that what a head of many fields and
/// many names costs grows with its bytes and not with their product. A field that is named costs no more than one that is not.
///
/// It takes memory, and is made only for a head that names fields, which hardly any does.
struct NominatedNames {
    private var names: [(hash: UInt64, place: ByteRange)] = []

    /// Takes down the names of all Connection lines.
    init(_ bytes: Span<UInt8>, _ fields: borrowing FieldTable) {
        for position in 0..<fields.count where fields[position].known == .connection {
            var elements = ListElements(fields[position].value)
            while let element = elements.next(bytes) {
                if !element.isEmpty { names.append((NominatedNames.hash(bytes, element), element)) }
            }
        }
    }

    /// Whether a field's name is among them, in any case: a hash only says where to look, the bytes decide.
    func contains(_ bytes: Span<UInt8>, _ name: ByteRange) -> Bool {
        let hash = NominatedNames.hash(bytes, name)
        for other in names where other.hash == hash {
            if bytes.equalsIgnoringCase(other.place, name) { return true }
        }
        return false
    }

    /// FNV-1a over the name in lower case.
    private static func hash(_ bytes: Span<UInt8>, _ name: ByteRange) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in name.range { hash = (hash ^ UInt64(ByteClass.lowercased(bytes[index]))) &* 0x0000_0100_0000_01b3 }
        return hash
    }
}
