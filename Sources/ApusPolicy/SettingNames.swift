/// What settings are called by whoever runs the proxy: by their keys, or by names of a program's own, such as the flags of a command.
package struct SettingNames: Sendable, Hashable {
    /// A name of a program's own.
    package struct Name: Sendable, Hashable {
        /// As it is typed: `--allow-to`.
        let text: String
        /// What stands for its value: `CIDR`; empty where it takes none.
        let placeholder: String

        package init(_ text: String, placeholder: String) {
            self.text = text
            self.placeholder = placeholder
        }
    }

    private let names: [SettingKey: Name]

    /// What is not named goes by its key.
    package init(_ names: [SettingKey: Name] = [:]) { self.names = names }

    /// The setting as a text names it: `--allow-to CIDR`; by its key, `` `allow-to` ``.
    ///
    /// - Parameter showsValue: whether what stands for the value is shown behind a name.
    func text(_ key: SettingKey, showsValue: Bool) -> String {
        guard let name = names[key] else { return "`\(key.rawValue)`" }
        return showsValue && !name.placeholder.isEmpty ? "\(name.text) \(name.placeholder)" : name.text
    }

    /// The setting with a value: `--sni report`; by its key, `` `sni.mode: report` ``.
    func text(_ key: SettingKey, value: String) -> String {
        names[key].map { "\($0.text) \(value)" } ?? "`\(key.rawValue): \(value)`"
    }
}
