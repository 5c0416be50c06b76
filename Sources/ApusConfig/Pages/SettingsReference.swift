/// The documentation's page of all settings, in Markdown; `scripts/make-reference` writes it.
package enum SettingsReference {
    /// The page, without a line break at its end.
    package static func render() -> String {
        var lines = [
            "# Settings", "",
            "Every flag of `apus`, its variable and its key, with the default and the reason for it.", "",
            "<!-- Written by scripts/make-reference from the table in Sources/ApusConfig/Table; do not edit. -->", "",
            "## Overview", "",
            "A flag wins over its environment variable, the variable over the settings file, the file over the default. The file",
            "is YAML: what `--\(ConfigOption.flag)` or `\(ConfigOption.environment)` names, else "
                + "`\(SettingsFile.standardPath)` if it is there; a dot in a key",
            "nests, so that `timeouts.head` is written `timeouts: { head: 5s }`. `apus check` says what is wrong in it, and",
            "`apus config` where each value comes from.",
            "",
            "Sizes are written `64KiB`, `10MB` or as plain bytes; times `250ms`, `30s` or `1h30m`; networks `10.1.0.0/16`,",
            "`fd00::/8` or as a single address. A list takes commas, or the flag again. A switch takes nothing, or",
            "`=true` and `=false`; `--no-…` switches it off.",
        ]
        for group in Setting.Group.allCases {
            lines += ["", "### \(group.rawValue)"]
            for setting in Settings.all where setting.group == group { lines += section(setting) }
        }
        return lines.joined(separator: "\n")
    }

    private static func section(_ setting: Setting) -> [String] {
        let value = setting.placeholder.isEmpty ? "" : " \(setting.placeholder)"
        let repeatable = setting.isList ? " (a list)" : ""
        let zone = "`--\(setting.flag)\(value)`\(repeatable), `\(setting.environment)`, key `\(setting.key)`"
        return [
            "", "#### --\(setting.flag)", "",
            "\(setting.help) Default: \(setting.defaultText).", "",
            "\(setting.reason)", "",
            "\(zone); for example `\(example(setting))`.",
        ]
    }

    private static func example(_ setting: Setting) -> String {
        setting.shape == .toggle ? "--\(setting.flag)" : "--\(setting.flag) \(setting.example)"
    }
}
