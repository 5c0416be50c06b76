import ApusSamples
import ApusWire
import Testing

@testable import ApusPolicy

@Suite("the index of methods")
struct MethodIndexTests {
    private let rows = PolicyRows([
        .allow(), .allow { $0.methods = ["GET", "BREW"] }, .allow { $0.methods = ["CONNECT"] },
        .allow { $0.schemes = [.https] }, .allow { $0.schemes = [.http] }, .allow { $0.methods = ["WHEN", "get"] },
        .deny { $0.methods = ["get", "Brew"] }, .limit { $0.methods = ["CONNECT"] },
        // Rows 10 and 11 are the exceptions of these: what a deny gives back, and what an allow takes away.
        .deny { $0.exceptions = [Condition { $0.methods = ["PUT"] }] },
        .allow { $0.exceptions = [Condition { $0.methods = ["PUT"] }] },
    ])

    @Test(
        "methods are told by kind, unknown ones by their bytes; what takes away ignores case",
        arguments: [
            (Method.get, "GET", [0, 1, 4, 6]), (.connect, "CONNECT", [0, 2, 3, 7]), (.head, "HEAD", [0, 4]),
            (.other, "BREW", [0, 1, 4, 6]), (.other, "WHEN", [0, 4, 5]), (.other, "get", [0, 4, 5, 6]),
            (.other, "gEt", [0, 4, 6]), (.other, "brew", [0, 4, 6]), (.other, "connect", [0, 4, 7]),
            (.other, "when", [0, 4]), (.other, "BREWS", [0, 4]), (.put, "PUT", [0, 4, 10, 11]),
            (.other, "Put", [0, 4, 11]),
            (.other, "BRE", [0, 4]), (.other, "", [0, 4]), (.patch, "PATCH", [0, 4]), (.other, "BREX", [0, 4]),
        ] as [(Method, String, [Int])]
    )
    func methods(method: Method, text: String, found: [Int]) {
        var bits = BitPool(width: 1)
        let index = MethodIndex(rows, width: 1, pool: &bits)
        let bytes = Array(text.utf8)
        let word = bits.words[index.set(method, .http, bytes.span)]
        let all = Set([8, 9])
        #expect((0..<64).filter { word >> UInt64($0) & 1 == 1 && !all.contains($0) } == found)
        // Over https row 3 takes the request, and row 4, which wants http, does not; a CONNECT has no scheme.
        let secure = bits.words[index.set(method, .https, bytes.span)]
        let expected = method == .connect ? found : found.map { $0 == 4 ? 3 : $0 }.sorted()
        #expect((0..<64).filter { secure >> UInt64($0) & 1 == 1 && !all.contains($0) } == expected)
    }
}
