import ApusPolicy
import Testing

@testable import ApusAdvice

@Suite("Host groups")
struct HostGroupsTests {
    private func group(_ names: String..., least: Int = 3) -> [String] {
        let counts = Dictionary(uniqueKeysWithValues: names.map { ($0, 1) })
        return HostGroups.group(counts, least: least).map(\.pattern.description)
    }

    @Test("three names directly under a domain become one pattern, two do not")
    func least() {
        #expect(group("a.x.example", "b.x.example", "c.x.example") == ["*.x.example"])
        #expect(group("a.x.example", "b.x.example") == ["a.x.example", "b.x.example"])
        #expect(group("a.x.example", "b.x.example", least: 2) == ["*.x.example"])
    }

    @Test("names deeper down do not count for the domain, but go with it")
    func deeper() {
        #expect(group("a.b.x.example", "c.d.x.example", "e.f.x.example").count == 3)
        #expect(group("a.x.example", "b.x.example", "c.x.example", "d.e.x.example") == ["*.x.example"])
    }

    @Test("the domain itself stands beside its pattern")
    func itself() {
        #expect(group("a.x.example", "b.x.example", "c.x.example", "x.example") == ["x.example", "*.x.example"])
    }

    @Test("a group within a group is none")
    func nested() {
        #expect(
            group("a.y.x.example", "b.y.x.example", "c.y.x.example", "y.x.example", "u.x.example", "v.x.example")
                == ["*.x.example"]
        )
        #expect(group("a.y.x.example", "b.y.x.example", "c.y.x.example") == ["*.y.x.example"])
    }

    @Test("no group at one label, at a registry's suffix or at a platform")
    func shared() {
        #expect(group("a.example", "b.example", "c.example").count == 3)
        #expect(group("a.co.uk", "b.co.uk", "c.co.uk").count == 3)
        #expect(group("a.github.io", "b.github.io", "c.github.io").count == 3)
        #expect(group("a.s3.amazonaws.com", "b.s3.amazonaws.com", "c.s3.amazonaws.com").count == 3)
        #expect(group("a.x.co.uk", "b.x.co.uk", "c.x.co.uk") == ["*.x.co.uk"])
    }

    @Test("addresses stand for themselves")
    func addresses() {
        #expect(group("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1").count == 4)
    }

    @Test("a pattern keeps its names and counts")
    func counts() {
        let entries = HostGroups.group(
            ["a.x.example": 5, "b.x.example": 2, "c.x.example": 1, "other.example": 7],
            least: 3
        )
        #expect(entries.map(\.count) == [7, 8])
        #expect(entries.last?.names == ["a.x.example": 5, "b.x.example": 2, "c.x.example": 1])
    }
}
