extension ProxyConfiguration {
    /// The access log: one line for each request or tunnel.
    public struct LogSettings: Sendable, Equatable {
        /// How a line is written.
        public enum Format: String, Sendable, CaseIterable {
            /// ``short`` when the log goes to a terminal, else ``json``.
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

        /// The format; ``Format/auto`` by default.
        public var format: Format = .auto

        /// The path of the file that lines are appended to; nil (the default) is standard output.
        public var file: String?

        /// Whether the query of a target is written as `?…`; off by default.
        public var redactQueries = false

        /// When lines are coloured; ``Color/auto`` by default.
        public var color: Color = .auto

        /// What each thread holds for a writer that is slow, in bytes: 1 MiB; lines beyond it are dropped and counted.
        public var buffer = 1 << 20

        /// The defaults.
        public init() {}
    }
}
