internal import Apus
internal import ApusPolicy

/// What `apus check` says of a settings file.
package struct FileReport: Sendable {
    package let path: String
    package let faults: [FileFault]
    package let warnings: [FileFault]

    /// Judges the file that is named, or that of the environment, or the standard one: its text, its lists, and whether its values
    /// fit together over the defaults.
    package static func make(_ path: String?, environment: [String: String], files: FileAccess) -> FileReport {
        let file = SettingsFile.read(path ?? ConfigOption.path(environment) ?? SettingsFile.standardPath, files)
        var faults = file.faults + file.startFaults
        var configuration = ProxyConfiguration()
        file.apply(to: &configuration)
        do { try configuration.validate() } catch {
            faults += error.problems.map { FileFault(file.place(of: $0.key), $0.description) }
        }
        let warnings = file.warnings + listenerWarnings(file.policy.rules, configuration)
        return FileReport(
            path: file.path,
            faults: faults.sorted(by: FileFault.inOrder),
            warnings: warnings.sorted(by: FileFault.inOrder)
        )
    }

    /// A line for each finding, faults first, and one that sums up.
    package var text: String {
        let lines = faults.map(\.description) + warnings.map { "\($0.place): warning: \($0.message)" }
        let sum = [count(faults.count, "fault"), warnings.isEmpty ? nil : count(warnings.count, "warning")]
        return (lines + ["\(path): " + sum.compactMap { $0 }.joined(separator: ", ")]).joined(separator: "\n")
    }

    private func count(_ number: Int, _ noun: String) -> String {
        number == 0 ? "no \(noun)" : number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    /// One JSON object: `file`, `faults` and `warnings`, each with `file`, `line`, `column` and `message`.
    package var json: String {
        "{\"file\":\(JSONText.quoted(path)),\"faults\":\(list(faults)),\"warnings\":\(list(warnings))}"
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
