import Apus
import ApusFlow
import ApusPolicy
import ApusWire
import Testing

@testable import ApusConfig

@Suite struct HintsTests {
    /// The flags that a text names, without their dashes.
    private func flags(_ text: String) -> [String] {
        text.split { !$0.isLetter && $0 != "-" }.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
    }

    @Test("every setting that a text can name has a flag in the table")
    func keys() {
        for key in SettingKey.allCases { #expect(Settings.named(key: key.rawValue) != nil, "\(key.rawValue)") }
        #expect(ParsedSettings().configuration.settingNames == Settings.flagNames)
    }

    @Test("every flag that an answer's hint names is a setting")
    func hints() {
        let faults =
            Refusal.allCases.map { Fault.refused($0) } + RequestFault.allCases.map { Fault.request($0) }
            + LookUpFault.allCases.map { Fault.lookUp($0) } + TimeoutFault.allCases.map { Fault.timeout($0) }
        let named = faults.flatMap { flags($0.hint.text(Settings.flagNames)) }
        #expect(named.contains("connect-ports") && named.contains("timeout-head"))
        #expect(Refusal.linkLocal.hint.text(Settings.flagNames) == "--allow-to CIDR lifts this for single blocks.")
        for flag in named { #expect(Settings.named(flag: flag) != nil, "--\(flag)") }
    }

    @Test("every flag that a warning at start names is a setting")
    func warnings() throws {
        var configuration = ParsedSettings().configuration
        configuration.listeners = [try ListenAddress(parsing: "0.0.0.0:1")]
        configuration.allowPrivate = true
        configuration.allowTo = ["::1"]
        configuration.log.rotateSize = 1 << 20
        var warnings = configuration.warnings
        configuration.allowFrom = ["0.0.0.0/0"]
        warnings += configuration.warnings
        #expect(
            Set(warnings.flatMap(flags)) == ["allow-from", "allow-private", "allow-to", "log-file", "log-rotate-size"]
        )
        for flag in warnings.flatMap(flags) { #expect(Settings.named(flag: flag) != nil, "--\(flag)") }
    }
}
