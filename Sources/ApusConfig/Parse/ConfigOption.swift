/// The one option that is no setting: which settings file to read. It cannot stand in one.
package enum ConfigOption {
    static let flag = "config"
    static let environment = "APUS_CONFIG"
    static let placeholder = "FILE"
    static let example = "apus.yaml"
    static let help = "Take settings and rules from this file, in YAML."
    static var defaultText: String { "\(SettingsFile.standardPath), if it is there" }

    /// What the variable names; an empty one counts as none.
    static func path(_ environment: [String: String]) -> String? {
        environment[Self.environment].flatMap { $0.isEmpty ? nil : $0 }
    }
}
