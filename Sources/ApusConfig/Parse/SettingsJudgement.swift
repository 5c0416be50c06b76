internal import Apus
internal import ApusPolicy

/// Settings that have been laid together, with all that is wrong with them and all that deserves a word: the one answer that a start,
/// a reload, `apus check`, `apus config` and `apus explain` give.
struct SettingsJudgement {
    /// What the settings are read for.
    enum Purpose {
        /// To be told of: who only asks may not be able to read what a start reads.
        case asking
        /// To be put in place of others: users and keys are needed, the admin listener's token and the log's place are not.
        case reloading
        /// To serve by: all that a start reads is judged.
        case starting
    }

    /// With their warnings.
    private(set) var settings: ParsedSettings
    /// What is wrong in the settings file and in what it names.
    private(set) var faults: [FileFault]
    /// What is wrong beside it: a line for each, with its flag or variable.
    private(set) var others: [String] = []
    private let file: SettingsFile?

    init(
        _ settings: ParsedSettings,
        _ file: SettingsFile?,
        for purpose: Purpose,
        _ files: FileAccess,
        _ environment: [String: String]
    ) {
        var settings = settings
        let routeProblems = settings.layRoutes(environment)
        let secretProblems = purpose == .asking ? [] : settings.loadParentCredentials(environment, files)
        self.settings = settings
        self.file = file
        faults = file?.faults ?? []
        do { try settings.configuration.validate() } catch {
            // The default route is judged below, with names that may have been meant.
            for problem in error.problems where problem.key != "route" { add(problem.key, problem.message) }
        }
        if let route = settings.configuration.route {
            for fault in settings.configuration.routes.faults(of: route) { add("route", RouteText.words(fault)) }
        }
        for problem in routeProblems + secretProblems { add(problem.key, problem.message) }
        for fault in routeFaults(settings) {
            guard let place = fault.place else {
                add(fault.key, fault.message)
                continue
            }
            faults.append(FileFault(place, "\(fault.key): \(fault.message)"))
        }
        if purpose != .asking { faults += file?.startFaults ?? [] }
        if purpose == .starting {
            for problem in StartCheck.problems(settings, files) { add(problem.key, problem.message) }
            for problem in settings.activationProblems { add(problem.key, problem.message) }
        }
        faults.sort(by: FileFault.inOrder)
        var warnings = settings.warnings + (file?.warnings ?? [])
        warnings += listenerWarnings(settings.policy.rules, settings.configuration)
        warnings += accessWarnings(settings, at: file?.place(of: "listen"))
        if purpose == .starting {
            warnings += reloadWarnings(settings, files)
            warnings += StartCheck.warnings(settings, files).map {
                FileFault(place($0.key), "\($0.key): \($0.message)")
            }
        }
        self.settings.warnings = warnings
    }

    /// Where a setting stands in the file; the file where it stands elsewhere, and nowhere without one.
    private func place(_ key: String) -> SourcePosition {
        if case .file(let place)? = settings.sources[key] { return place }
        return file.map { SourcePosition(file: $0.path) } ?? SourcePosition()
    }

    /// The key of a setting by which something is known: a value of a parent by that of the parent, or of the flag that makes it.
    private func known(_ key: String) -> String {
        for parent in settings.configuration.parents {
            let own = "parents.\(parent.name)"
            guard key == own || key.hasPrefix(own + ".") else { continue }
            return settings.sources[own] == nil ? "parent" : own
        }
        return key
    }

    /// A problem of a setting: at its place in the file, or that of another of its section, or by its flag or variable.
    private mutating func add(_ key: String, _ message: String) {
        let own = known(key)
        let whole = own == "parent" ? own : key
        switch settings.sources[own] ?? .standard {
        case .flag(let name), .variable(let name): others.append("\(name): \(message)")
        case .file(let place): faults.append(FileFault(place, "\(whole): \(message)"))
        case .standard, .serviceManager:
            let section = own.prefix { $0 != "." } + "."
            let given = file?.given.first { $0.setting.key.hasPrefix(section) }
            if let given, settings.sources[given.setting.key] == .file(given.place) {
                faults.append(FileFault(given.place, "\(whole): \(message)"))
            } else {
                let flag = Settings.named(key: own).map { "--\($0.flag)" } ?? own
                others.append("\(flag): \(message)")
            }
        }
    }
}

extension ParsedSettings {
    /// Lays a file's values over the defaults.
    mutating func lay(_ file: SettingsFile) {
        self.file = file.path
        policy = file.policy
        file.apply(to: &configuration)
        configuration.parents = file.policy.parents.map(\.settings)
        for given in file.given { sources[given.setting.key] = .file(given.place) }
        for parent in file.policy.parents { sources["parents.\(parent.settings.name)"] = .file(parent.place) }
    }
}
