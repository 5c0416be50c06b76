internal import ApusWire

/// Which rows take a method, and the scheme that goes with it: CONNECT is `https`, all others are `http`.
///
/// Not copyable, so that nothing of it is retained for a question.
struct MethodIndex: ~Copyable, Sendable {
    /// By the raw value of a method; the first is for those that no row names.
    private var sets: [Int] = []
    /// Methods that only their bytes tell.
    private var text: [UInt8] = []
    private var named: [(range: Range<Int>, set: Int)] = []

    private static let known: [(Method, String)] = [
        (.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.delete, "DELETE"), (.connect, "CONNECT"),
        (.options, "OPTIONS"), (.trace, "TRACE"), (.patch, "PATCH"),
    ]

    /// Takes down the methods and schemes of all rows.
    init(_ rows: [Condition], width: Int, pool: inout BitPool) {
        sets = [Int](repeating: 0, count: MethodIndex.known.count + 1)
        let plain = rows.indices.filter { rows[$0].methods.isEmpty && MethodIndex.takes(rows[$0], .http) }
        sets[Int(Method.other.rawValue)] = pool.add(BitPool.bits(plain.map { UInt16($0) }, width: width))
        var names = Set(rows.flatMap(\.methods))
        for (method, name) in MethodIndex.known {
            sets[Int(method.rawValue)] = pool.add(MethodIndex.bits(rows, name, width))
            names.remove(name)
        }
        for name in names.sorted() {
            let start = text.count
            text.append(contentsOf: name.utf8)
            named.append((start..<text.count, pool.add(MethodIndex.bits(rows, name, width))))
        }
    }

    private static func takes(_ row: Condition, _ scheme: Scheme) -> Bool {
        row.schemes.isEmpty || row.schemes.contains(scheme)
    }

    private static func bits(_ rows: [Condition], _ name: String, _ width: Int) -> [UInt64] {
        let scheme: Scheme = name == "CONNECT" ? .https : .http
        let numbers = rows.indices.filter { number in
            takes(rows[number], scheme) && (rows[number].methods.isEmpty || rows[number].methods.contains(name))
        }
        return BitPool.bits(numbers.map { UInt16($0) }, width: width)
    }

    /// Where the set of rows begins that take the method.
    @inline(__always)
    func set(_ method: Method, _ bytes: Span<UInt8>) -> Int {
        if method == .other && !named.isEmpty { return spelled(bytes) }
        return sets[Int(method.rawValue)]
    }

    private func spelled(_ bytes: Span<UInt8>) -> Int {
        for index in named.indices where named[index].range.count == bytes.count {
            let start = named[index].range.lowerBound
            var equal = 0
            while equal < bytes.count, text[start + equal] == bytes[equal] { equal += 1 }
            if equal == bytes.count { return named[index].set }
        }
        return sets[Int(Method.other.rawValue)]
    }
}
