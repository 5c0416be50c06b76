import ApusPolicy
import Testing

@testable import ApusConfig

@Suite("hosts that do not go to a parent")
struct BypassTextTests {
    @Test("a dot in front takes a name with all under it; all else is as in `to`")
    func patterns() throws {
        #expect(try BypassText.parse(".Corp.example") == [.name("corp.example"), .under("corp.example")])
        for text in ["a.example", "*.a.example", "list:near", "all"] {
            #expect(try BypassText.parse(text) == [HostPatternText.parse(text)])
        }
        for text in ["", "..a", ".", ".*.a", ".all", ".list:x", "a.example:80"] {
            #expect(throws: ValueFault.self, "\(text)") { try BypassText.parse(text) }
        }
    }

    @Test("they are told as they are written")
    func described() throws {
        let texts = [".corp.example", "*.a.example", "a.example", "10.0.0.0/8", "list:near", "all"]
        #expect(BypassText.describe(try BypassText.parse(texts)) == texts)
        #expect(BypassText.bare(try BypassText.parse(texts + ["localhost", "b.example"])) == ["b.example"])
    }
}
