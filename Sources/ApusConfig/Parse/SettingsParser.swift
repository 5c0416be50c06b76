internal import Apus

/// Lays flags over the environment over the defaults.
package enum SettingsParser {
    /// Reads the arguments behind the command's name and the environment's variables.
    ///
    /// Flags win over variables, variables over defaults; a list given by a flag replaces one given by a variable. An empty
    /// variable counts as none. Nothing but `APUS_…` is read: `HTTP_PROXY` and its like are for clients.
    ///
    /// - Throws: ``SettingFault`` for the first argument or value that cannot be used.
    package static func parse(
        arguments: [String],
        environment: [String: String]
    ) throws(SettingFault) -> ParsedSettings {
        let line = try CommandLineReader(arguments)
        var parsed = ParsedSettings()
        parsed.action = line.action
        guard line.action == .serve else { return parsed }
        var spellings: [String: String] = [:]
        for setting in Settings.all {
            let flags = line.given.filter { $0.flag == setting.flag }
            if let last = flags.last {
                spellings[setting.key] = last.spelling
                try apply(setting, flags.map(\.value), source: last.spelling, to: &parsed.configuration)
            } else if let value = environment[setting.environment], !value.isEmpty {
                spellings[setting.key] = setting.environment
                try apply(setting, [value], source: setting.environment, to: &parsed.configuration)
            }
        }
        do { try parsed.configuration.validate() } catch {
            throw .unusable(error.problems.map { spell($0, as: spellings) })
        }
        parsed.notices = unknownVariables(environment)
        return parsed
    }

    private static func apply(
        _ setting: Setting,
        _ values: [String],
        source: String,
        to configuration: inout ProxyConfiguration
    ) throws(SettingFault) {
        var texts = values
        if case .list = setting.shape {
            texts = values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map { trimmed($0) }
        }
        do { try setting.apply(&configuration, texts) } catch {
            // A switch takes its value behind = alone.
            let joint = source.hasPrefix("--") && setting.shape != .toggle ? " " : "="
            throw .badValue(source: source, message: error.message, example: source + joint + setting.example)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// The problem's line, with the key as the user wrote it where he did, else as the flag.
    private static func spell(_ problem: ConfigurationFault.Problem, as spellings: [String: String]) -> String {
        let flag = Settings.named(key: problem.key).map { "--\($0.flag)" }
        return "\(spellings[problem.key] ?? flag ?? problem.key): \(problem.message)"
    }

    /// A line for each variable that looks like one of ours and is none.
    ///
    /// It is no fault: Kubernetes and Docker put `APUS_SERVICE_HOST`, `APUS_PORT_3128_TCP` and the like into each container
    /// beside a service named apus; these are passed over.
    private static func unknownVariables(_ environment: [String: String]) -> [String] {
        let known = Settings.all.map(\.environment)
        return environment.keys.sorted().compactMap { name in
            guard name.hasPrefix("APUS_"), !known.contains(name) else { return nil }
            if name.hasPrefix("APUS_SERVICE_") || name.hasPrefix("APUS_PORT") || name == "APUS_NAME" { return nil }
            let nearest = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            return "\(name) is set, and there is no such setting\(nearest)"
        }
    }
}
