internal import ApusFlow
internal import ApusReactor

/// The access log: records become lines, lines leave in batches.
final class AccessLog: Sendable {
    private let format: AccessLogFormat
    let redactQueries: Bool
    private let writer: BatchWriter

    /// The log that the settings ask for; `nil` when it is off.
    static func make(
        _ settings: ProxyConfiguration.LogSettings,
        terminal: LogTerminal
    ) throws(StartFault) -> AccessLog? {
        guard let format = format(settings, terminal) else { return nil }
        do throws(SocketError) {
            let writer = try BatchWriter(path: settings.file, bound: settings.buffer)
            return AccessLog(format, redactQueries: settings.redactQueries, writer)
        } catch {
            throw .cannotOpenLog(path: settings.file ?? "standard output", reason: error.description)
        }
    }

    private init(_ format: AccessLogFormat, redactQueries: Bool, _ writer: BatchWriter) {
        self.format = format
        self.redactQueries = redactQueries
        self.writer = writer
    }

    /// `auto` is a line for people on a terminal, and JSON elsewhere.
    private static func format(
        _ settings: ProxyConfiguration.LogSettings,
        _ terminal: LogTerminal
    ) -> AccessLogFormat? {
        let isTerminal = settings.file == nil && terminal.isTerminal
        let isColored = settings.color == .always || (settings.color == .auto && isTerminal && !terminal.refusesColor)
        switch settings.format {
        case .off: return nil
        case .short: return .short(colour: isColored)
        case .auto: return isTerminal ? .short(colour: isColored) : .json
        case .json: return .json
        case .combined: return .combined
        case .squid: return .squid
        }
    }

    /// Whether lines are JSON objects, which the usual requests get without a record (``QuickLine``).
    var isJSON: Bool { format == .json }

    /// Writes the line of one record.
    func write(_ record: AccessRecord) {
        var line: [UInt8] = []
        format.append(record, to: &line, redactQueries: redactQueries)
        writer.append(line, count: line.count, lines: 1)
    }

    /// Writes lines that a thread has gathered.
    func write(_ lines: [UInt8], count: Int, lines number: UInt64) {
        writer.append(lines, count: count, lines: number)
    }

    /// How many lines were dropped because the sink was slow.
    var dropped: UInt64 { writer.dropped }

    func reopen() throws(SocketError) { try writer.reopen() }
    func close() { writer.close() }
}

/// What the process knows of its standard output.
struct LogTerminal: Sendable {
    let isTerminal: Bool
    let refusesColor: Bool

    static func current() -> LogTerminal {
        let noColor = ProcessCalls.environment()["NO_COLOR"] ?? ""
        return LogTerminal(isTerminal: ProcessCalls.isTerminal(1), refusesColor: !noColor.isEmpty)
    }
}
