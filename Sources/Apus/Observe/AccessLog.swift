internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire
internal import Logging

/// The access log: records become lines, lines leave in batches.
final class AccessLog: Sendable {
    /// What a line is put into before it leaves.
    private enum Envelope: Sendable {
        case none
        /// A line may begin with its severity.
        case syslog
        /// An entry of fields, behind its length.
        case journal
    }

    private let format: AccessLogFormat
    let redactQueries: QueryRedaction
    private let envelope: Envelope
    private let writer: BatchWriter

    /// The log that the settings ask for; `nil` when it is off.
    ///
    /// - Parameter logger: is told what the log cannot do.
    static func make(
        _ settings: ProxyConfiguration.LogSettings,
        terminal: LogTerminal,
        logger: Logger
    ) throws(StartFault) -> AccessLog? {
        guard let format = format(settings, terminal), let (destination, envelope) = destination(settings) else {
            return nil
        }
        let words = LogWords(settings)
        do throws(SocketError) {
            let writer = try BatchWriter(destination, bound: settings.buffer) { words.tell($0, logger) }
            return AccessLog(format, redactQueries: settings.queries, envelope, writer)
        } catch {
            throw .cannotOpenLog(path: words.place, reason: error.description)
        }
    }

    private init(_ format: AccessLogFormat, redactQueries: QueryRedaction, _ envelope: Envelope, _ writer: BatchWriter)
    {
        self.format = format
        self.redactQueries = redactQueries
        self.envelope = envelope
        self.writer = writer
    }

    /// `auto` is a line for people on a terminal and in the journal, and JSON elsewhere.
    private static func format(
        _ settings: ProxyConfiguration.LogSettings,
        _ terminal: LogTerminal
    ) -> AccessLogFormat? {
        let isTerminal = settings.sink == .file && settings.file == nil && terminal.isTerminal
        let isColored = settings.color == .always || (settings.color == .auto && isTerminal && !terminal.refusesColor)
        switch settings.format {
        case .off: return nil
        case .short: return .short(colour: isColored, zone: LocalZone.read())
        case .auto:
            if case .journald = settings.sink { return .short(colour: isColored, zone: LocalZone.read()) }
            return isTerminal ? .short(colour: isColored, zone: LocalZone.read()) : .json
        case .json: return .json
        case .combined: return .combined
        case .squid: return .squid
        }
    }

    private static func destination(
        _ settings: ProxyConfiguration.LogSettings
    ) -> (LogDestination, Envelope)? {
        let frame = SyslogFrame(
            facility: settings.facility.code,
            hostName: SystemInfo.hostName(),
            processID: ProcessCalls.processID
        )
        let lines = LogEntries.lines { line, time, message in
            frame.append(line, microsecondsSince1970: time, to: &message)
        }
        switch settings.sink {
        case .file:
            guard let path = settings.file else { return (.standardOutput, .none) }
            let rotation = LogRotation(size: settings.rotateSize, keep: settings.rotateKeep)
            return (.file(path: path, rotation: settings.rotateSize > 0 ? rotation : nil), .none)
        case .syslog(let path): return (.datagrams(to: .local(path: path), entries: lines), .syslog)
        case .syslogUDP(let address):
            guard let host = IPAddress(address.host) else { return nil }
            return (.datagrams(to: .udp(SocketAddress(host, port: address.port)), entries: lines), .syslog)
        case .journald(let path): return (.datagrams(to: .local(path: path), entries: .counted), .journal)
        }
    }

    /// Whether lines are JSON objects and nothing else, which the usual requests get without a record (``LogLines``).
    var isJSON: Bool { format == .json && envelope != .journal }

    /// Writes the line of one record.
    func write(_ record: AccessRecord) {
        // What was refused, or failed, is a warning.
        let severity: SyslogFrame.Severity = record.fault == nil ? .informational : .warning
        var line: [UInt8] = []
        if envelope == .syslog { SyslogFrame.begin(severity, &line) }
        format.append(record, to: &line, redactQueries: redactQueries)
        guard envelope == .journal else { return writer.append(line, count: line.count, lines: 1) }
        if line.last == 0x0a { line.removeLast() }
        let entry = JournalEntry(record, message: line, severity: severity, redactQueries: redactQueries)
        var counted: [UInt8] = []
        BatchWriter.appendCounted(entry.bytes, to: &counted)
        writer.append(counted, count: counted.count, lines: 1)
    }

    /// Writes lines that a thread has gathered.
    func write(_ lines: [UInt8], count: Int, lines number: UInt64) {
        writer.append(lines, count: count, lines: number)
    }

    /// How many lines were dropped so far, because the sink was slow or away.
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
