import Testing

@testable import ApusPolicy

@Suite("Names of settings")
struct SettingNamesTests {
    @Test("are keys where no name is given")
    func keys() {
        let none = SettingNames()
        for key in SettingKey.allCases {
            #expect(none.text(key, showsValue: true) == "`\(key.rawValue)`")
            #expect(none.text(key, value: "x") == "`\(key.rawValue): x`")
        }
    }

    @Test("are those that are given, with what stands for a value where that is asked for")
    func given() {
        let names = SettingNames([.allowFrom: .init("--allow-from", placeholder: "CIDR")])
        #expect(names.text(.allowFrom, showsValue: true) == "--allow-from CIDR")
        #expect(names.text(.allowFrom, showsValue: false) == "--allow-from")
        #expect(names.text(.allowFrom, value: "::1") == "--allow-from ::1")
    }
}
