internal import Apus
internal import ApusPolicy

extension SettingsFile {
    /// What reading the settings once more came to.
    package struct Reloaded: Sendable {
        /// All settings as they are now; the policy in them is what takes effect.
        package let settings: ParsedSettings
        /// The keys of settings that have changed and wait for the next start, in the order of the table.
        package let waiting: [String]
    }

    /// Reads the settings again, with the arguments and the environment of the start, for HUP: all or nothing.
    ///
    /// A file that was read before and is gone is a fault: its rules must not vanish with it. So is one by which what protects would
    /// go from some to none: see ``Protection``.
    ///
    /// - Throws: ``SettingFault`` with all that is wrong; what was in effect then stays.
    package static func reload(
        arguments: [String],
        environment: [String: String],
        files: FileAccess,
        after previous: ParsedSettings
    ) throws(SettingFault) -> Reloaded {
        var settings = try SettingsParser.parse(
            arguments: arguments,
            environment: environment,
            files: files,
            activation: previous.activation,
            reloads: true
        )
        if let file = previous.file, settings.file == nil {
            throw .file([FileFault(SourcePosition(file: file), "the file is no longer there")], others: [])
        }
        settings.policy.rules.shareLists(with: previous.policy.rules)
        try judgeParents(settings, after: previous)
        let lost = Protection.lost(from: previous, to: settings)
        if !lost.isEmpty { throw .file(lost, others: []) }
        let waiting = Settings.all.filter { $0.show(settings.configuration) != $0.show(previous.configuration) }
        let parents =
            settings.configuration.parents != previous.configuration.parents
            && !waiting.contains { $0.group == .parents }
        return Reloaded(settings: settings, waiting: waiting.map(\.key) + (parents ? ["parents"] : []))
    }

    /// Parents wait for the next start: a rule that goes by one that is not in force would have nowhere to go.
    private static func judgeParents(_ settings: ParsedSettings, after previous: ParsedSettings) throws(SettingFault) {
        let inForce = previous.configuration.parents.map(\.name)
        var faults: [FileFault] = []
        for rule in settings.policy.rules.rules {
            guard let route = rule.action.route else { continue }
            for name in route.parents where !inForce.contains(name) {
                faults.append(
                    FileFault(
                        rule.position,
                        "route: the parent \(name) is taken at a start; restart Apus, or leave it out until then"
                    )
                )
            }
        }
        if !faults.isEmpty { throw .file(faults, others: []) }
    }

    /// Reads the lists alone again, because one of them has changed: the settings file, which nobody watches, may be in the middle of
    /// being edited.
    ///
    /// - Throws: ``SettingFault`` for a list that cannot be read, or has no entry any more; what was in effect then stays.
    package static func reloadLists(files: FileAccess, after previous: ParsedSettings) throws(SettingFault)
        -> ParsedSettings
    {
        var findings = Findings()
        var settings = previous
        loadLists(&settings.policy, files, &findings)
        settings.policy.rules.shareLists(with: previous.policy.rules)
        let faults = findings.faults.isEmpty ? Protection.lost(from: previous, to: settings) : findings.faults
        if !faults.isEmpty { throw .file(faults, others: []) }
        settings.notices = findings.warnings.map(\.description)
        return settings
    }
}
