/// Where the command `apus` that serves is steered: `apus reload`, `drain`, `status`, `stop`. A program that embeds a server calls
/// ``ProxyServer`` itself.
public enum ControlPlace: Sendable, Hashable, CustomStringConvertible {
    /// In the folder for such things that the system gives this process, if there is one.
    case standard
    /// Nowhere.
    case off
    /// A UNIX socket at this absolute path, whose folder is there.
    case path(String)

    /// How long a path may be, in bytes: a socket's has 108, and before it is open it lies in a folder beside.
    package static let longestPath = 97

    /// Reads `auto`, `none` or an absolute path; nil for anything else.
    public init?(parsing text: String) {
        switch text {
        case "auto": self = .standard
        case "none": self = .off
        default:
            guard text.hasPrefix("/"), !text.hasSuffix("/"), text.utf8.count <= ControlPlace.longestPath,
                !text.utf8.contains(0)
            else { return nil }
            self = .path(text)
        }
    }

    /// As it is written in the settings.
    public var description: String {
        switch self {
        case .standard: "auto"
        case .off: "none"
        case .path(let path): path
        }
    }
}
