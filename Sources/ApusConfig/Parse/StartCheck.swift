internal import Apus
internal import ApusWire

/// What would keep a server from starting although each value is right: it is looked at, and nothing is opened for writing or bound.
///
/// Whether an address is this machine's, and free, only a start can tell.
enum StartCheck {
    /// Each with the key of the setting that it is about.
    static func problems(_ settings: ParsedSettings, _ files: FileAccess) -> [(key: String, message: String)] {
        let configuration = settings.configuration
        var problems: [(key: String, message: String)] = []
        var files = files
        if let user = configuration.user {
            switch files.seenBy(user) {
            case .files(let seen): files = seen
            case .nobody(let words): problems.append(("run-as", words))
            case .unknown: break
            }
        }
        if configuration.admin.isOn {
            problems += admin(configuration, isBound: settings.activation.admin != nil, files)
        }
        let log = configuration.log
        if log.format != .off, log.sink == .file, let file = log.file, let words = files.whyNotAppended(file) {
            problems.append(("log.file", "the access log \(file) cannot be opened: \(words)"))
        }
        return problems
    }

    /// What does not keep a server from starting, and whoever starts it should know: each with the key of the setting.
    static func warnings(_ settings: ParsedSettings, _ files: FileAccess) -> [(key: String, message: String)] {
        var warnings: [(key: String, message: String)] = []
        let configuration = settings.configuration
        if configuration.admin.isOn, let path = configuration.admin.tokenFile {
            if files.isReadByAll(path) {
                warnings.append(("admin.token-file", "every user of this machine may read \(path): chmod 600 \(path)"))
            }
            if let bytes = try? files.read(path, 64 << 10), let token = AdminToken.parse(bytes), token.utf8.count < 16 {
                warnings.append(
                    (
                        "admin.token-file",
                        "the token in \(path) has \(token.utf8.count) bytes, which can be guessed: make one of 16 or more, as openssl rand -hex 32 does"
                    )
                )
            }
        }
        let log = configuration.log
        let socket: String? =
            switch log.sink {
            case .syslog(let path), .journald(let path): path
            case .file, .syslogUDP: nil
            }
        if log.format != .off, let socket, !socket.hasPrefix("@"), !files.isThere(socket) {
            warnings.append(("log.to", "there is no \(socket): lines are lost until something listens there"))
        }
        return warnings
    }

    private static func admin(_ configuration: ProxyConfiguration, isBound: Bool, _ files: FileAccess) -> [(
        key: String, message: String
    )] {
        var problems: [(key: String, message: String)] = []
        switch configuration.admin.listen {
        case .address(let address):
            if let other = configuration.listeners.first(where: { $0.clashes(with: address) }) {
                problems.append(
                    (
                        "admin.listen",
                        "the admin listener cannot have \(address) beside the listener \(other); move one of them"
                    )
                )
            }
        case .socket(let path):
            if !isBound, let words = files.whyNotMade(path) {
                problems.append(("admin.listen", "the admin listener cannot have \(path): \(words)"))
            }
        }
        if let path = configuration.admin.tokenFile {
            do {
                let bytes = try files.read(path, 64 << 10)
                if AdminToken.parse(bytes) == nil {
                    problems.append(("admin.token-file", "\(path): \(AdminToken.missing)"))
                } else if let words = files.whyNotRead(path) {
                    problems.append(("admin.token-file", "\(path): \(words) for the user that Apus becomes"))
                }
            } catch {
                problems.append(("admin.token-file", "\(path): \(error.message)"))
            }
        }
        return problems
    }
}
