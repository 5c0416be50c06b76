internal import ApusReactor
internal import Logging

/// What the logger is told of an access log that cannot do its work.
struct LogWords: Sendable {
    /// The log's place, as a person would name it.
    let place: String

    init(_ settings: ProxyConfiguration.LogSettings) {
        place =
            switch settings.sink {
            case .file: settings.file ?? "standard output"
            case .syslog(let path): "syslog at \(path)"
            case .syslogUDP(let address): "syslog at \(address)"
            case .journald(let path): "journald at \(path)"
            }
    }

    /// Tells the logger.
    func tell(_ trouble: LogTrouble, _ logger: Logger) {
        switch trouble {
        case .dropped(let lines, let error):
            let why = error.map { ": \($0)" } ?? ", which takes them too slowly"
            logger.warning("access lines are dropped, \(lines) since the start, because of \(place)\(why)")
        case .cannotRotate(let error):
            logger.error("\(place) cannot be put aside, lines go on to the old file: \(error)")
        case .cannotReopen(let error):
            logger.error("\(place) cannot be opened anew, lines go on to the old file: \(error)")
        }
    }
}
