import Testing

@testable import ApusPolicy

@Suite("Zone name")
struct ZoneNameTests {
    private func absolute(_ names: ZoneName, _ name: String) -> [UInt8] {
        let bytes = Array(name.utf8)
        var written: [UInt8] = [1, 2, 3]
        names.write(bytes.span, 0..<bytes.count, into: &written)
        return written
    }

    private func relative(_ names: ZoneName, _ name: String) -> String? {
        let whole = absolute(names, name)
        return names.relativeCount(whole).map { String(decoding: whole[..<$0], as: UTF8.self) }
    }

    private func origin(_ name: String, in names: inout ZoneName) {
        let bytes = Array(name.utf8)
        names.setOrigin(bytes.span, 0..<bytes.count)
    }

    @Test("names are relative to the origin, and to the zone again")
    func known() {
        var names = ZoneName()
        origin("RPZ.test.", in: &names)
        #expect(absolute(names, "A.example") == Array("a.example.rpz.test".utf8))
        names.setApex(names.origin)
        #expect(relative(names, "a.example") == "a.example")
        #expect(relative(names, "a.example.rpz.test.") == "a.example")
        #expect(relative(names, "@") == "")
        #expect(relative(names, "rpz.test.") == "")
        #expect(relative(names, "a.example.") == nil)
        #expect(relative(names, "xrpz.test.") == nil)
        origin("com", in: &names)
        #expect(relative(names, "a") == "a.com")
        origin("elsewhere.test.", in: &names)
        #expect(relative(names, "a") == nil)
    }

    @Test("a zone that does not tell its name has relative names only")
    func unknown() {
        var names = ZoneName()
        names.setApex(names.origin)
        #expect(relative(names, "a.example") == "a.example")
        #expect(relative(names, "@") == "")
        #expect(relative(names, "a.example.") == nil)
        origin("com", in: &names)
        #expect(relative(names, "a") == "a.com")
    }

    @Test("in the root zone every name is itself")
    func root() {
        var names = ZoneName()
        origin(".", in: &names)
        names.setApex(names.origin)
        #expect(relative(names, "a.example") == "a.example")
        #expect(relative(names, "a.example.") == "a.example")
    }

    @Test("the zone's name is learned once")
    func once() {
        var names = ZoneName()
        names.setApex(Array("a.test".utf8))
        names.setApex(Array("b.test".utf8))
        #expect(names.apex == Array("a.test".utf8))
    }
}
