/// Changes to the fields of a head on its way through: made once from a rule, used for many heads.
///
/// It works on the head that has been written already, so that a request without such a rule pays nothing, and one whose rule
/// is only known after a look-up can still be changed.
public struct FieldChanges: Sendable {
    /// The names of the fields that are taken out, in lower case: those to drop, and those that are set anew.
    private let names: [[UInt8]]
    /// The lines that are added, each with its CRLF.
    private let lines: [UInt8]

    /// Makes changes: every field named by either is taken out, then the lines of `set` are added.
    ///
    /// Framing, Host, Via and the fields that end at each hop are not to be named: who makes rules checks that.
    public init(drop: [String], set: [(name: String, value: String)]) {
        names = (drop + set.map(\.name)).map { Array($0.lowercased().utf8) }
        lines = set.flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    }

    /// Whether there is nothing to do.
    public var isEmpty: Bool { names.isEmpty }

    /// The head with the changes made; the added lines stand at its end.
    ///
    /// - Parameter head: a whole outgoing head, every line of which ends in CRLF, the empty one at its end included.
    public func applied(to head: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(head.count + lines.count)
        var start = 0
        var isStartLine = true
        while start < head.count {
            var end = start
            while end < head.count, head[end] != Ascii.lf { end += 1 }
            end = min(end + 1, head.count)
            if end - start <= 2 { output += lines }
            if isStartLine || !takesOut(head, start..<end) {
                for index in start..<end { output.append(head[index]) }
            }
            isStartLine = false
            start = end
        }
        return output
    }

    private func takesOut(_ head: Span<UInt8>, _ line: Range<Int>) -> Bool {
        for name in names where name.count < line.count {
            guard head[line.lowerBound + name.count] == Ascii.colon else { continue }
            var index = line.lowerBound
            var isSame = true
            for byte in name {
                if ByteClass.lowercased(head[index]) != byte {
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
