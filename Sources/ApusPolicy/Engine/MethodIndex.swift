internal import ApusWire

/// Which rows take a method, and the scheme that goes with it: CONNECT is `https`, all others are `http`.
///
/// Methods are case-sensitive (RFC 9110 §9.1), but not every server knows: a row that takes away ignores case.
///
/// Not copyable, so that nothing of it is retained for a question.
struct MethodIndex: ~Copyable, Sendable {
    /// By the raw value of a method; the first is for those that no row names.
    private var sets: [Int] = []
    /// Methods that only their bytes tell.
    private var text: [UInt8] = []
    private var named: [(range: Range<Int>, set: Int)] = []
    /// The same in lower case, for those that are spelled in a way that no row names.
    private var folded: [(range: Range<Int>, set: Int)] = []

    private static let known: [(Method, String)] = [
        (.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.delete, "DELETE"), (.connect, "CONNECT"),
        (.options, "OPTIONS"), (.trace, "TRACE"), (.patch, "PATCH"),
    ]

    /// Takes down the methods and schemes of all rows.
    init(_ rows: PolicyRows, width: Int, pool: inout BitPool) {
        sets = [Int](repeating: 0, count: MethodIndex.known.count + 1)
        sets[Int(Method.other.rawValue)] = pool.add(MethodIndex.bits(rows, width, .http) { _, _ in false })
        let conditions = rows.conditions
        var names = Set(conditions.flatMap(\.methods))
        for (method, name) in MethodIndex.known {
            sets[Int(method.rawValue)] = pool.add(MethodIndex.bits(rows, name, width))
            names.remove(name)
        }
        for name in names.sorted() { named.append((keep(name), pool.add(MethodIndex.bits(rows, name, width)))) }
        let taking = conditions.indices.filter { rows.takesAway[$0] }.flatMap { conditions[$0].methods }
        for name in Set(taking.map(MethodIndex.folded)).sorted() {
            let set = MethodIndex.bits(rows, width, .http) { row, takesAway in
                takesAway && row.contains { MethodIndex.folded($0) == name }
            }
            folded.append((keep(name), pool.add(set)))
        }
    }

    /// A method in lower case.
    static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map(ByteClass.lowercased), as: UTF8.self)
    }

    private mutating func keep(_ name: String) -> Range<Int> {
        text.append(contentsOf: name.utf8)
        return text.count - name.utf8.count..<text.count
    }

    private static func bits(_ rows: PolicyRows, _ name: String, _ width: Int) -> [UInt64] {
        bits(rows, width, name == "CONNECT" ? .https : .http) { methods, takesAway in
            methods.contains { $0 == name || (takesAway && folded($0) == folded(name)) }
        }
    }

    /// The rows that take a scheme, and every method or those that the closure says.
    private static func bits(
        _ rows: PolicyRows,
        _ width: Int,
        _ scheme: Scheme,
        _ takes: ([String], Bool) -> Bool
    ) -> [UInt64] {
        let numbers = rows.conditions.indices.filter { number in
            let row = rows.conditions[number]
            guard row.schemes.isEmpty || row.schemes.contains(scheme) else { return false }
            return row.methods.isEmpty || takes(row.methods, rows.takesAway[number])
        }
        return BitPool.bits(numbers.map { UInt16($0) }, width: width)
    }

    /// Where the set of rows begins that take the method.
    @inline(__always)
    func set(_ method: Method, _ bytes: Span<UInt8>) -> Int {
        if method == .other && !(named.isEmpty && folded.isEmpty) { return spelled(bytes) }
        return sets[Int(method.rawValue)]
    }

    private func spelled(_ bytes: Span<UInt8>) -> Int {
        for index in named.indices where named[index].range.count == bytes.count {
            let start = named[index].range.lowerBound
            var equal = 0
            while equal < bytes.count, text[start + equal] == bytes[equal] { equal += 1 }
            if equal == bytes.count { return named[index].set }
        }
        for index in folded.indices where folded[index].range.count == bytes.count {
            let start = folded[index].range.lowerBound
            var equal = 0
            while equal < bytes.count, text[start + equal] == ByteClass.lowercased(bytes[equal]) { equal += 1 }
            if equal == bytes.count { return folded[index].set }
        }
        return sets[Int(Method.other.rawValue)]
    }
}
