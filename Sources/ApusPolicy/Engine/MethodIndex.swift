internal import ApusWire

/// Which rows take a method and a scheme: two facts, of which CONNECT has the first alone.
///
/// Methods are case-sensitive (RFC 9110 §9.1), but not every server knows: a row that takes away ignores case.
///
/// Not copyable, so that nothing of it is retained for a question.
package struct MethodIndex: ~Copyable, Sendable {
    /// For each scheme by the raw value of a method; the first is for those that no row names.
    private var sets: [Int] = []
    /// Methods that only their bytes tell.
    private var text: [UInt8] = []
    private var named: [Spelling] = []
    /// The same in lower case, for those that are spelled in a way that no row names.
    private var folded: [Spelling] = []

    /// A method by its bytes, with a set for each scheme.
    private struct Spelling {
        let range: Range<Int>
        let http: Int
        let https: Int

        @inline(__always)
        func set(_ scheme: Scheme) -> Int {
            if case .https = scheme { https } else { http }
        }
    }

    private static let known: [(Method, String)] = [
        (.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.delete, "DELETE"), (.connect, "CONNECT"),
        (.options, "OPTIONS"), (.trace, "TRACE"), (.patch, "PATCH"),
    ]

    /// Takes down the methods and schemes of all rows.
    init(_ rows: PolicyRows, width: Int, pool: inout BitPool) {
        let conditions = rows.conditions
        let others = Set(conditions.flatMap(\.methods)).subtracting(MethodIndex.known.map(\.1)).sorted()
        let taking = conditions.indices.filter { rows.takesAway[$0] }.flatMap { conditions[$0].methods }
        let foldedNames = Set(taking.map(MethodIndex.folded)).sorted()
        func add(_ name: String, _ scheme: Scheme?) -> Int { pool.add(MethodIndex.bits(rows, name, width, scheme)) }
        func addFolded(_ name: String, _ scheme: Scheme) -> Int {
            pool.add(
                MethodIndex.bits(rows, width, scheme) { methods, takesAway in
                    takesAway && methods.contains { MethodIndex.folded($0) == name }
                }
            )
        }
        for scheme in [Scheme.http, .https] {
            var own = [Int](repeating: 0, count: MethodIndex.places)
            own[Int(Method.other.rawValue)] = pool.add(MethodIndex.bits(rows, width, scheme) { _, _ in false })
            for (method, name) in MethodIndex.known {
                own[Int(method.rawValue)] = add(name, method == .connect ? nil : scheme)
            }
            sets += own
        }
        for name in others {
            named.append(Spelling(range: keep(name), http: add(name, .http), https: add(name, .https)))
        }
        for name in foldedNames {
            folded.append(Spelling(range: keep(name), http: addFolded(name, .http), https: addFolded(name, .https)))
        }
    }

    /// How many sets a scheme has.
    private static let places = known.count + 1

    /// A method in lower case.
    package static func folded(_ name: String) -> String {
        String(decoding: name.utf8.map(ByteClass.lowercased), as: UTF8.self)
    }

    private mutating func keep(_ name: String) -> Range<Int> {
        text.append(contentsOf: name.utf8)
        return text.count - name.utf8.count..<text.count
    }

    private static func bits(_ rows: PolicyRows, _ name: String, _ width: Int, _ scheme: Scheme?) -> [UInt64] {
        bits(rows, width, scheme) { methods, takesAway in
            methods.contains { $0 == name || (takesAway && folded($0) == folded(name)) }
        }
    }

    /// The rows that take a scheme, nil being that of a tunnel, and every method or those that the closure says.
    private static func bits(
        _ rows: PolicyRows,
        _ width: Int,
        _ scheme: Scheme?,
        _ takes: ([String], Bool) -> Bool
    ) -> [UInt64] {
        let numbers = rows.conditions.indices.filter { number in
            let row = rows.conditions[number]
            guard row.takesScheme(scheme) else { return false }
            return row.methods.isEmpty || takes(row.methods, rows.takesAway[number])
        }
        return BitPool.bits(numbers.map { UInt16($0) }, width: width)
    }

    /// Where the set of rows begins that take the method and the scheme.
    @inline(__always)
    func set(_ method: Method, _ scheme: Scheme, _ bytes: Span<UInt8>) -> Int {
        if method == .other && !(named.isEmpty && folded.isEmpty) { return spelled(scheme, bytes) }
        return sets[place(method, scheme)]
    }

    @inline(__always)
    private func place(_ method: Method, _ scheme: Scheme) -> Int {
        let place = Int(method.rawValue)
        if case .https = scheme { return sets.count / 2 &+ place }
        return place
    }

    private func spelled(_ scheme: Scheme, _ bytes: Span<UInt8>) -> Int {
        for index in named.indices where named[index].range.count == bytes.count {
            let start = named[index].range.lowerBound
            var equal = 0
            while equal < bytes.count, text[start + equal] == bytes[equal] { equal += 1 }
            if equal == bytes.count { return named[index].set(scheme) }
        }
        for index in folded.indices where folded[index].range.count == bytes.count {
            let start = folded[index].range.lowerBound
            var equal = 0
            while equal < bytes.count, text[start + equal] == ByteClass.lowercased(bytes[equal]) { equal += 1 }
            if equal == bytes.count { return folded[index].set(scheme) }
        }
        return sets[place(.other, scheme)]
    }
}
