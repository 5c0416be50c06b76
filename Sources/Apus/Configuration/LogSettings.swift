package import ApusReport

extension ProxyConfiguration {
    /// The access log: one line for each request or tunnel.
    public struct LogSettings: Sendable, Equatable {
        /// How a line is written.
        public enum Format: String, Sendable, CaseIterable {
            /// ``short`` when the log goes to a terminal or to the journal, else ``json``.
            case auto
            /// A short line to read.
            case short
            /// One JSON object a line.
            case json
            /// Apache's combined log format.
            case combined
            /// Squid's native log format.
            case squid
            /// No log.
            case off
        }

        /// When short lines are coloured.
        public enum Color: String, Sendable, CaseIterable {
            /// On a terminal, unless `NO_COLOR` is set.
            case auto
            /// Always.
            case always
            /// Never.
            case never
        }

        /// Who takes the lines.
        public enum Sink: Sendable, Equatable {
            /// ``LogSettings/file``, or standard output without one.
            case file
            /// A syslog daemon: one message a line (RFC 5424) to a local datagram socket, by its path or its abstract name with a
            /// leading `@`.
            case syslog(socket: String)
            /// A syslog daemon by UDP (RFC 5426).
            case syslogUDP(ListenAddress)
            /// systemd's journal by its native protocol: the line and, in fields of their own, what the record has.
            case journald(socket: String)

            /// `/dev/log`.
            public static let syslog = Sink.syslog(socket: "/dev/log")
            /// `/run/systemd/journal/socket`.
            public static let journald = Sink.journald(socket: "/run/systemd/journal/socket")
        }

        /// The facility of syslog messages (RFC 5424 §6.2.1).
        public enum Facility: String, Sendable, CaseIterable {
            case user, daemon, local0, local1, local2, local3, local4, local5, local6, local7

            /// Its number.
            public var code: UInt8 {
                switch self {
                case .user: 1
                case .daemon: 3
                case .local0: 16
                case .local1: 17
                case .local2: 18
                case .local3: 19
                case .local4: 20
                case .local5: 21
                case .local6: 22
                case .local7: 23
                }
            }
        }

        /// Who takes the lines; ``Sink/file`` by default.
        public var sink = Sink.file

        /// The facility of syslog messages; ``Facility/local0`` by default.
        public var facility = Facility.local0

        /// The format; ``Format/off`` by default: a library writes nothing that its program does not ask for. The command's is ``Format/auto``.
        public var format: Format = .off

        /// The path of the file that lines are appended to; nil (the default) is standard output.
        public var file: String?

        /// With how many bytes ``file`` is renamed to `.1` and begun anew; 0 (the default) is never.
        public var rotateSize = 0

        /// How many renamed files stay; 5 by default.
        public var rotateKeep = 5

        /// Whether the whole query of a target is written as `?…`; off by default, when only the values of parameters whose names are
        /// well known to hold secrets are.
        public var redactQueries = false

        /// By which words a field's name tells that its value is a secret, wherever heads are shown or recorded. Without any, no name
        /// tells, those of a query's parameters neither.
        public var secretNames = SecretNames.standard.words

        /// When lines are coloured; ``Color/auto`` by default.
        public var color: Color = .auto

        /// How many bytes of lines may wait for a sink that is slow: 1 MiB, 128 KiB at least; lines beyond it are dropped and counted.
        public var buffer = 1 << 20

        /// The defaults.
        public init() {}

        /// What of queries is shown.
        package var queries: QueryRedaction { redactQueries ? .all : secretNames.isEmpty ? .none : .known }

        /// The words as they are asked.
        package var secrets: SecretNames { SecretNames(secretNames) }
    }
}
