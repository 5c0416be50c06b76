import Foundation
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

    @Test("the reference of the policy has each key below its place, with what it takes, what it means and an example")
    func policy() throws {
        let page = try GeneratedFiles.render("policy", epoch: nil)
        #expect(page == PolicyReference.render())
        var rest = page[...]
        for owner in PolicyKey.Owner.allCases {
            let heading = try #require(rest.range(of: "\n### \(owner.rawValue)\n"), "\(owner)")
            rest = rest[heading.upperBound...]
            for key in PolicyKey.all where key.owner == owner {
                let section = try #require(rest.range(of: "\n#### \(key.name)\n"), "\(key.name)")
                rest = rest[section.upperBound...]
                for part in ["`\(key.name): \(key.value)`"] + key.meaning + [key.example.joined(separator: "\n")] {
                    #expect(rest.contains(part), "\(key.name): \(part)")
                }
            }
        }
    }
}
