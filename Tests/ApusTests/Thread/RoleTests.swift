import Testing

@testable import Apus

@Suite struct RoleTests {
    @Test(
        "a role is what its tag says, whatever its parts are",
        arguments: [0, 1, 2, 3, 4, 5, 6, 7] as [UInt8],
        [0, 1, 7, .max] as [UInt8]
    )
    func tags(kind: UInt8, attempt: UInt8) throws {
        for index: UInt32 in [0, 1, 1 << 16, .max] {
            let role = Role(kind: try #require(Role.Kind(rawValue: kind)), attempt: attempt, index: index)
            let same = Role(tag: role.tag)
            #expect(same.kind == role.kind)
            #expect(same.attempt == role.attempt)
            #expect(same.index == role.index)
        }
    }

    @Test("a socket without a tag, or with one that nobody has set, is nothing")
    func none() {
        #expect(Role(tag: 0).kind == .none)
        #expect(Role(tag: 9).kind == .none)
        #expect(Role().tag == 0)
    }
}
