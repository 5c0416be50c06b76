package import Apus
internal import ApusPolicy

/// A settings file as it was read: what it says, where, and all that is wrong with it.
package struct SettingsFile: Sendable {
    /// The file that is read when it is there and no other is named.
    package static let standardPath = "/etc/apus/apus.yaml"
    /// More than anybody writes; a policy's hosts by the thousand belong into lists.
    package static let largest = 16 << 20

    /// One setting of the table that the file gives.
    struct Given: Sendable {
        let setting: Setting
        /// Where the value stands.
        let place: SourcePosition
        /// Lays it over a configuration.
        let apply: @Sendable (inout ProxyConfiguration) -> Void
    }

    /// The path as it was named.
    package let path: String
    /// Whether there is no such file.
    private(set) var isMissing = false
    /// What it gives of the table of settings, in its own order; values that are none are left out.
    private(set) var given: [Given] = []
    /// Its rules, and who is who.
    package private(set) var policy = PolicySettings()
    /// What is wrong, in the order of the file.
    package private(set) var faults: [FileFault] = []
    /// What is wrong with what only serving reads: users and keys.
    package private(set) var startFaults: [FileFault] = []
    /// What deserves a word, in the order of the file.
    package private(set) var warnings: [FileFault] = []

    /// Reads a file with the lists that it names. A file that cannot be read has a fault that says so.
    package static func read(_ path: String, _ files: FileAccess) -> SettingsFile {
        do {
            let bytes = try files.read(path, largest)
            var file = SettingsFile(path: path, bytes: bytes, files)
            if endsWithoutNewline(path, bytes, files) {
                let last = bytes.count { $0 == UInt8(ascii: "\n") } + 1
                file.warnings.append(FileFault(SourcePosition(file: path, line: last), unfinished))
            }
            return file
        } catch {
            var file = SettingsFile(path: path)
            file.isMissing = error == .missing
            file.faults = [FileFault(SourcePosition(file: path), error.message)]
            return file
        }
    }

    private init(path: String) { self.path = path }

    /// Reads the file's text, and the lists that it names.
    package init(path: String, bytes: [UInt8], _ files: FileAccess) {
        self.path = path
        var findings = Findings()
        let root = DocumentReader.read(file: path, bytes: bytes, &findings)
        if !Self.isMapping(root), let hint = ForeignFile.hint(String(decoding: bytes, as: UTF8.self)) {
            // What YAML stumbles over in it is no help.
            findings = Findings()
            findings.fault(SourcePosition(file: path, line: 1), hint)
        } else if let root {
            read(root, &findings)
        } else if findings.faults.isEmpty {
            refuseEmpty(&findings)
        }
        if findings.faults.isEmpty {
            loadLists(&policy, files, &findings)
            for fault in policyFaults(policy) { findings.fault(place(fault), fault.message) }
            for warning in policyWarnings(policy.rules) { findings.warn(place(warning), warning.message) }
            startFaults = loadStart(files, &findings)
        }
        let sorted = findings.sorted()
        faults = sorted.faults
        warnings = sorted.warnings
    }

    /// Reads what only serving needs; answers what is wrong with it.
    private mutating func loadStart(_ files: FileAccess, _ findings: inout Findings) -> [FileFault] {
        var own = Findings()
        policy.userFile = loadUsers(policy, files, &own)
        if let issuer = policy.jwt { policy.jwt?.keyText = loadKeys(issuer, files, &own) }
        let warnings = own.warnings + (own.faults.isEmpty ? userWarnings(policy) : [])
        for warning in warnings { findings.warn(warning.place, warning.message) }
        return own.faults
    }

    private static func isMapping(_ root: SettingsNode?) -> Bool {
        if case .mapping? = root?.content { true } else { false }
    }

    /// A file that says nothing may be one that was emptied by mistake, or is being written.
    private func refuseEmpty(_ findings: inout Findings) {
        findings.fault(SourcePosition(file: path), "the file says nothing; \(PolicyReader.noRules)")
    }

    /// Where a finding of the whole policy stands: it is about the file.
    private func place(_ finding: FileFault) -> SourcePosition {
        finding.place.line == 0 ? SourcePosition(file: path) : finding.place
    }

    private mutating func read(_ root: SettingsNode, _ findings: inout Findings) {
        switch root.content {
        case .faulty: return
        case .empty, .mapping([]): refuseEmpty(&findings)
        case .mapping(let entries):
            var table = TableReader()
            for entry in entries where !PolicyReader.keys.contains(entry.key) { table.read(entry, &findings) }
            given = table.given
            var policy = PolicyReader(file: path)
            policy.read(root, &findings)
            self.policy = policy.policy
            if root["rules"] == nil {
                findings.warn(
                    SourcePosition(file: path),
                    "there is no key rules, so that everything is allowed that the guard and connect-ports let through; "
                        + PolicyReader.noRules
                )
            }
        case .scalar, .list:
            findings.fault(
                root.place,
                "a file of settings is a mapping, as listen: 127.0.0.1:3128; this is \(root.kind)"
            )
        }
    }

    /// Lays the file's values over a configuration.
    package func apply(to configuration: inout ProxyConfiguration) {
        for given in given { given.apply(&configuration) }
    }

    /// Where the value of a key stands, or another of the same section, or else the file.
    func place(of key: String) -> SourcePosition {
        if let exact = given.first(where: { $0.setting.key == key }) { return exact.place }
        let section = key.prefix { $0 != "." } + "."
        return given.first { $0.setting.key.hasPrefix(section) }?.place ?? SourcePosition(file: path)
    }
}

/// What would keep a policy from being used although each of its values is right.
private func policyFaults(_ policy: PolicySettings) -> [FileFault] {
    var rules = policy.rules
    // A list whose file cannot be read has been told: it is there, and empty as far as anybody knows.
    for list in policy.lists where rules.lists[list.name] == nil { rules.lists[list.name] = HostList() }
    var listeners: Set<String> = []
    for rule in rules.rules {
        listeners.formUnion(rule.condition.listeners + rule.condition.exceptions.flatMap(\.listeners))
    }
    // Which parents there are is known when flags and variables are: see `routeFaults`.
    return rules.problems(listeners: listeners.sorted()).map { FileFault($0.position, "\($0.message); \($0.hint)") }
}

/// What a policy deserves a word for: rules that never match, and the like.
private func policyWarnings(_ rules: PolicyRules) -> [FileFault] {
    rules.warnings().map { FileFault($0.position, $0.message) }
}
