/// Changes to the fields of a head on its way through: made once from a rule, used for many heads.
public struct FieldChanges: Sendable {
    /// The names of the fields that are taken out, in lower case: those to drop, and those that are set anew.
    private let names: [[UInt8]]
    /// The lines that are added, each with its CRLF.
    let lines: [UInt8]

    /// Makes changes: every field named by either is taken out, then the lines of `set` are added.
    ///
    /// Framing, Host, Via and the fields that end at each hop are not to be named: who makes rules checks that.
    public init(drop: [String], set: [(name: String, value: String)]) {
        names = (drop + set.map(\.name)).map { Array($0.lowercased().utf8) }
        lines = set.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    }

    /// Whether there is nothing to do.
    public var isEmpty: Bool { names.isEmpty }

    /// Marks the fields that are taken out, after the head was judged and before it is written.
    public func mark(_ bytes: Span<UInt8>, _ fields: inout FieldTable) {
        for position in 0..<fields.count where names(bytes, fields[position].name) { fields.markTakenOut(position) }
    }

    private func names(_ bytes: Span<UInt8>, _ name: ByteRange) -> Bool {
        for candidate in names where candidate.count == name.count {
            var index = Int(name.start)
            var isSame = true
            for byte in candidate {
                if ByteClass.lowercased(bytes[index]) != byte {
                    isSame = false
                    break
                }
                index += 1
            }
            if isSame { return true }
        }
        return false
    }
}
