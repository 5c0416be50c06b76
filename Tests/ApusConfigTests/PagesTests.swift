import Testing

@testable import ApusConfig

@Suite struct PagesTests {
    @Test("the reference names flag, variable, key, default and reason of every setting")
    func reference() {
        let page = SettingsReference.render()
        for setting in Settings.all {
            for part in ["#### --\(setting.flag)\n", "`\(setting.environment)`", "`\(setting.key)`", setting.reason] {
                #expect(page.contains(part), "\(setting.flag): \(part)")
            }
        }
    }
}
