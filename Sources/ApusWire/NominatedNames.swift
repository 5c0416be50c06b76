/// The field names that the Connection lines of one head name (RFC 9110 §7.6.1), as hashes, so that what a head of many fields and many
/// names costs grows with its bytes and not with their product.
///
/// It takes memory, and is made only for a head that names fields, which hardly any does.
struct NominatedNames {
    private var hashes: [UInt64] = []

    /// Takes down the names of all Connection lines.
    init(_ bytes: Span<UInt8>, _ fields: borrowing FieldTable) {
        for position in 0..<fields.count where fields[position].known == .connection {
            var elements = ListElements(fields[position].value)
            while let element = elements.next(bytes) {
                if !element.isEmpty { hashes.append(NominatedNames.hash(bytes, element)) }
            }
        }
    }

    /// Whether a field's name is among them, in any case: a hash only says where to look, the bytes decide.
    func contains(_ bytes: Span<UInt8>, _ name: ByteRange, in fields: borrowing FieldTable) -> Bool {
        hashes.contains(NominatedNames.hash(bytes, name)) && ConnectionOptions.nominates(bytes, name, in: fields)
    }

    /// FNV-1a over the name in lower case.
    private static func hash(_ bytes: Span<UInt8>, _ name: ByteRange) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in name.range { hash = (hash ^ UInt64(ByteClass.lowercased(bytes[index]))) &* 0x0000_0100_0000_01b3 }
        return hash
    }
}
