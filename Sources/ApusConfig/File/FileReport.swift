package import Apus
internal import ApusPolicy

/// What `apus check` says of a settings file.
package struct FileReport: Sendable {
    package let path: String
    package private(set) var faults: [FileFault]
    package let warnings: [FileFault]
    /// What the file says, over the defaults.
    package let settings: ParsedSettings
    /// The parents that were connected to.
    private var reached: Set<String> = []

    /// Judges the file that is named, or that of the environment, or the standard one, as a start would that has no flags: its text,
    /// its lists, users and keys, whether its values fit together, and what they lead to.
    package static func make(_ path: String?, environment: [String: String], files: FileAccess) -> FileReport {
        let file = SettingsFile.read(path ?? ConfigOption.path(environment) ?? SettingsFile.standardPath, files)
        var settings = ParsedSettings()
        settings.lay(file)
        let judgement = SettingsJudgement(settings, file, for: .starting, files, environment)
        let others = judgement.others.map { FileFault(SourcePosition(file: file.path), $0) }
        return FileReport(
            path: file.path,
            faults: (judgement.faults + others).sorted(by: FileFault.inOrder),
            warnings: judgement.settings.warnings.sorted(by: FileFault.inOrder),
            settings: judgement.settings
        )
    }

    /// Adds what was found by whoever understands keys.
    package mutating func add(_ fault: SettingFault) {
        if case .file(let more, _) = fault { faults = (faults + more).sorted(by: FileFault.inOrder) }
    }

    /// Adds that a parent was connected to, or why it was not.
    package mutating func reach(_ parent: ParentSettings, fault words: String?) {
        guard let words else {
            reached.insert(parent.name)
            return
        }
        let key = "parents.\(parent.name)"
        var place = SourcePosition(file: path)
        if case .file(let own)? = settings.sources[key] ?? settings.sources["parent"] { place = own }
        faults.append(FileFault(place, "\(key): \(parent.url) cannot be reached: \(words)"))
        faults.sort(by: FileFault.inOrder)
    }

    /// A line for each finding, faults first, and one that sums up.
    package var text: String {
        let lines = faults.map(\.description) + warnings.map { "\($0.place): warning: \($0.message)" }
        let routes = RoutePage.lines(settings.configuration, reached: reached).map { "\(path): \($0)" }
        let sum = [count(faults.count, "fault"), warnings.isEmpty ? nil : count(warnings.count, "warning")]
        return (lines + routes + ["\(path): " + sum.compactMap { $0 }.joined(separator: ", ")]).joined(separator: "\n")
    }

    private func count(_ number: Int, _ noun: String) -> String {
        number == 0 ? "no \(noun)" : number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    /// One JSON object: `file`, `faults` and `warnings`, each with `file`, `line`, `column` and `message`; with parents also
    /// `parents`, `route` and `bypass`.
    package var json: String {
        "{\"file\":\(JSONText.quoted(path)),\"faults\":\(list(faults)),\"warnings\":\(list(warnings))"
            + "\(RoutePage.json(settings.configuration, reached: reached))}"
    }

    private func list(_ findings: [FileFault]) -> String {
        let objects = findings.map { finding in
            let place = finding.place
            // A file that cannot be read has no line that could be named.
            let position = place.line == 0 ? "" : "\"line\":\(place.line),\"column\":\(place.column),"
            return
                "{\"file\":\(JSONText.quoted(place.file)),\(position)\"message\":\(JSONText.quoted(finding.message))}"
        }
        return "[" + objects.joined(separator: ",") + "]"
    }
}
