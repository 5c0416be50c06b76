import Logging

/// Sends what the library logs to standard error, beside the command's own notices.
struct NoticeLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice
    private let notices: Notices

    init(_ notices: Notices) { self.notices = notices }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        if event.level >= .warning { notices.warn("\(event.message)") } else { notices.say("\(event.message)") }
    }
}
