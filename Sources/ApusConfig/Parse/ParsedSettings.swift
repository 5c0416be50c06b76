package import Apus

/// What a command line, an environment and a settings file ask for.
package struct ParsedSettings: Sendable {
    /// What the command is to do.
    package enum Action: Sendable, Equatable {
        /// Serve with the configuration.
        case serve
        /// Judge a settings file: the one word, if there is any.
        case check
        /// Print the settings in effect.
        case config
        /// Say what would become of a request.
        case explain
        /// Make a policy of logs.
        case learn
        /// Show the traffic of a running Apus in the terminal.
        case top
        /// Write what a running Apus has recorded into a file.
        case record
        /// Show the help of a command; that of ``Command/serve`` is the whole page.
        case help(Command)
        /// Show the version.
        case version
        /// Print the reference page of all settings, from which the documentation is made.
        case reference

        /// Whether settings are read for it.
        var readsSettings: Bool { self == .serve || self == .config || self == .explain }
    }

    package var action: Action = .serve
    /// The words behind the command that are no options.
    package var words: [String] = []
    /// The command's own options by name, without dashes; one without a value has an empty one.
    package var options: [String: String] = [:]
    /// The defaults, with the file, the environment and then the flags laid over them; validated when settings are read.
    package var configuration = ProxyConfiguration()
    /// The rules of the settings file, and who is who.
    package var policy = PolicySettings()
    /// The settings file that was read; nil if there was none.
    package var file: String?
    /// Where the values come from, by key; what is not there is a default.
    package var sources: [String: SettingSource] = [:]
    /// What is no fault and deserves a line on standard error, such as an unknown `APUS_…` variable or a rule that never matches.
    package var notices: [String] = []

    /// What the settings together deserve a word for at start.
    package var warnings: [String] {
        configuration.warnings(admitsOthers: policy.hasCredentials || !policy.rules.rules.isEmpty)
    }

    package init() {}
}
