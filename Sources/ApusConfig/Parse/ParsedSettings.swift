package import Apus

/// What a command line and an environment ask for.
package struct ParsedSettings: Sendable, Equatable {
    /// What the command is to do.
    package enum Action: Sendable, Equatable {
        /// Serve with the configuration.
        case serve
        /// Show the help.
        case help
        /// Show the version.
        case version
        /// Print the reference page of all settings, from which the documentation is made.
        case reference
    }

    package var action: Action = .serve
    /// The defaults, with the environment and then the flags laid over them; validated when the action is to serve.
    package var configuration = ProxyConfiguration()
    /// What is no fault and deserves a line on standard error, such as an unknown `APUS_…` variable.
    package var notices: [String] = []
}
