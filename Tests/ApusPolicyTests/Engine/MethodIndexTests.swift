import ApusWire
import Testing

@testable import ApusPolicy

@Suite("the index of methods")
struct MethodIndexTests {
    private let conditions = [
        Condition(), Condition { $0.methods = ["GET", "BREW"] }, Condition { $0.methods = ["CONNECT"] },
        Condition { $0.schemes = [.https] }, Condition { $0.schemes = [.http] },
        Condition { $0.methods = ["WHEN", "get"] },
    ]

    @Test(
        "methods are told by kind, unknown ones by their bytes, and CONNECT is https",
        arguments: [
            (Method.get, "GET", [0, 1, 4]), (.connect, "CONNECT", [0, 2, 3]), (.head, "HEAD", [0, 4]),
            (.other, "BREW", [0, 1, 4]), (.other, "WHEN", [0, 4, 5]), (.other, "get", [0, 4, 5]),
            (.other, "BREWS", [0, 4]),
            (.other, "BRE", [0, 4]), (.other, "", [0, 4]), (.patch, "PATCH", [0, 4]), (.other, "BREX", [0, 4]),
        ] as [(Method, String, [Int])]
    )
    func methods(method: Method, text: String, rows: [Int]) {
        var bits = BitPool(width: 1)
        let index = MethodIndex(conditions, width: 1, pool: &bits)
        let bytes = Array(text.utf8)
        let word = bits.words[index.set(method, bytes.span)]
        #expect((0..<64).filter { word >> UInt64($0) & 1 == 1 } == rows)
    }
}
