package import ApusPolicy

/// Where the value of a setting comes from.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// Nobody has set it.
    case standard
    /// The settings file, at a place.
    case file(SourcePosition)
    /// An environment variable, by its name.
    case variable(String)
    /// The service manager, which has bound it.
    case serviceManager
    /// A flag, as it was written: `--no-allow-private`.
    case flag(String)

    /// As a comment beside the value.
    package var description: String {
        switch self {
        case .standard: "default"
        case .serviceManager: "the service manager"
        case .file(let place): place.description
        case .variable(let name), .flag(let name): name
        }
    }
}
