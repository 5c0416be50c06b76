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
        /// Ask a running Apus by its control socket: status, reload, drain, stop or end.
        case steer(Command)
        /// Show the help of a command; that of ``Command/serve`` is the whole page.
        case help(Command)
        /// Explain a topic that ``HelpTopic`` knows.
        case topic(String)
        /// Show the version.
        case version
        /// Print the reference page of all settings, from which the documentation is made.
        case reference
        /// Print one of ``GeneratedFiles``.
        case generated(String)

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
    /// The listening sockets that the service manager hands over.
    package var activation = SocketActivation()
    /// The rules of the settings file, and who is who.
    package var policy = PolicySettings()
    /// The settings file that was read; nil if there was none.
    package var file: String?
    /// Where the values come from, by key; what is not there is a default.
    package var sources: [String: SettingSource] = [:]
    /// What is no fault and deserves a word, such as a rule that never matches, or a listener on which nobody is served.
    package var warnings: [FileFault] = []
    /// The same, as lines for standard error, with what is about no file: an unknown `APUS_…` variable.
    package var notices: [String] = []

    /// Whether everybody has to show credentials, whatever the rules say.
    var requiresCredentials: Bool {
        let required = configuration.authentication.required
        return policy.hasCredentials && (required == .always || required == .auto && policy.rules.rules.isEmpty)
    }

    package init() { configuration = ParsedSettings.standard }

    /// What the command has where nothing is said: a log, which a library writes only where it is told to, and names of settings by flag.
    package static var standard: ProxyConfiguration {
        var configuration = ProxyConfiguration()
        configuration.log.format = .auto
        configuration.settingNames = Settings.flagNames
        return configuration
    }
}
