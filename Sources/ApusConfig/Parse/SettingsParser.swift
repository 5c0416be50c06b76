package import Apus

/// Lays flags over the environment over the settings file over the defaults.
package enum SettingsParser {
    /// Reads the arguments behind the command's name, the environment's variables, and the settings file that they name.
    ///
    /// Flags win over variables, variables over the file, the file over defaults; a list given by a flag replaces one given by a
    /// variable or in the file. An empty variable counts as none. Nothing but `APUS_…` is read, and what settings name: `HTTP_PROXY`
    /// and its like are for clients, but where `parent: env` says otherwise. Without `--config` and `APUS_CONFIG` the file is ``SettingsFile/standardPath``, if it is there.
    ///
    /// - Parameters:
    ///   - activation: listening sockets that are there already: in place of default listeners, and nothing but what others name.
    ///   - reloads: whether they are to take the place of others.
    /// - Throws: ``SettingFault`` for the first argument or variable that cannot be used; when there is none, for all that is wrong
    ///   in the file.
    package static func parse(
        arguments: [String],
        environment: [String: String],
        files: FileAccess = .none,
        activation: SocketActivation = SocketActivation(),
        reloads: Bool = false
    ) throws(SettingFault) -> ParsedSettings {
        let line = try CommandLineReader(arguments)
        var parsed = ParsedSettings()
        parsed.action = line.action
        parsed.words = line.words
        if line.action == .check, line.words.isEmpty, let file = line.file { parsed.words = [file] }
        parsed.options = line.options
        guard line.action.readsSettings else { return parsed }
        let overrides = try overrides(line, environment)
        let file = file(line, environment, files)
        if let file { parsed.lay(file) }
        for override in overrides {
            parsed.sources[override.setting.key] = override.source
            // Each was tried when it was read.
            do { try override.setting.apply(&parsed.configuration, override.texts) } catch {}
        }
        parsed.adopt(activation)
        let purpose: SettingsJudgement.Purpose = reloads ? .reloading : parsed.action == .serve ? .starting : .asking
        let judgement = SettingsJudgement(parsed, file, for: purpose, files, environment)
        if !judgement.faults.isEmpty { throw .file(judgement.faults, others: judgement.others) }
        if !judgement.others.isEmpty { throw .unusable(judgement.others) }
        parsed = judgement.settings
        parsed.notices = unknownVariables(environment) + parsed.warnings.map(\.description)
        return parsed
    }

    /// A value that a flag or a variable gives.
    private struct Override {
        let setting: Setting
        let texts: [String]
        let source: SettingSource
    }

    private static func overrides(_ line: CommandLineReader, _ environment: [String: String]) throws(SettingFault)
        -> [Override]
    {
        var overrides: [Override] = []
        var scratch = ProxyConfiguration()
        for setting in Settings.all {
            let flags = line.given.filter { $0.flag == setting.flag }
            let override: Override
            if let last = flags.last {
                let texts = texts(setting, flags.map(\.value))
                override = Override(setting: setting, texts: texts, source: .flag(last.spelling))
            } else if let value = environment[setting.environment], !value.isEmpty {
                let texts = texts(setting, [value])
                override = Override(setting: setting, texts: texts, source: .variable(setting.environment))
            } else {
                continue
            }
            do { try setting.apply(&scratch, override.texts) } catch { throw fault(override, error) }
            overrides.append(override)
        }
        return overrides
    }

    private static func texts(_ setting: Setting, _ values: [String]) -> [String] {
        setting.isList ? values.flatMap(\.items) : values
    }

    private static func fault(_ override: Override, _ error: ValueFault) -> SettingFault {
        let source = override.source.description
        // A switch takes its value behind = alone.
        let joint = source.hasPrefix("--") && override.setting.shape != .toggle ? " " : "="
        let example = error.saysWhatToWrite ? "" : source + joint + override.setting.example
        return .badValue(source: source, message: error.message, example: example)
    }

    /// The file that is named, read; or the standard one, if it is there.
    private static func file(_ line: CommandLineReader, _ environment: [String: String], _ files: FileAccess)
        -> SettingsFile?
    {
        if let path = line.file ?? ConfigOption.path(environment) { return SettingsFile.read(path, files) }
        let file = SettingsFile.read(SettingsFile.standardPath, files)
        return file.isMissing ? nil : file
    }

    /// A line for each variable that looks like one of ours and is none.
    ///
    /// It is no fault: Kubernetes and Docker put `APUS_SERVICE_HOST`, `APUS_PORT_3128_TCP` and the like into each container
    /// beside a service named apus; these are passed over.
    private static func unknownVariables(_ environment: [String: String]) -> [String] {
        let known = Settings.all.map(\.environment) + Surroundings.variables.map(\.name)
        return environment.keys.sorted().compactMap { name in
            guard name.hasPrefix("APUS_"), !known.contains(name) else { return nil }
            if name.hasPrefix("APUS_SERVICE_") || name.hasPrefix("APUS_PORT") || name == "APUS_NAME" { return nil }
            let nearest = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            return "\(name) is set, and there is no such setting\(nearest)"
        }
    }
}
